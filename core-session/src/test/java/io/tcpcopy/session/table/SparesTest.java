package io.tcpcopy.session.table;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SparesTest {
    private final Spares<String> spares = new Spares<>();

    @Test
    void theLastOneIsUsedAgainFirst() {
        spares.add("first");
        spares.add("last");

        assertThat(spares.take()).isEqualTo("last");
        assertThat(spares.take()).isEqualTo("first");
        assertThat(spares.take()).isNull();
    }

    @Test
    void whatHasWaitedAllTheTimeIsDropped() {
        for (int i = 0; i < 5; i++) {
            spares.add("spare " + i);
        }
        assertThat(spares.dropUnwanted()).as("the first time").isZero();
        spares.add(spares.take());
        spares.add("another");

        assertThat(spares.dropUnwanted()).isEqualTo(4);
        assertThat(spares.dropUnwanted()).isEqualTo(2);
        assertThat(spares.take()).isNull();
    }
}
