package io.tcpcopy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class OpenedTogetherTest {
    private final List<String> closed = new ArrayList<>();

    @Test
    void whatWasOpenedBeforeAFailureIsClosedInReverseOrder() {
        assertThatThrownBy(() -> open(true)).isInstanceOf(StartException.class);

        assertThat(closed).containsExactly("second", "first");
    }

    @Test
    void whatIsKeptStaysOpen() throws Exception {
        open(false);

        assertThat(closed).isEmpty();
    }

    private void open(boolean fails) throws StartException {
        try (OpenedTogether opened = new OpenedTogether()) {
            assertThat(opened.add("first", closed::add)).isEqualTo("first");
            opened.add("second", closed::add);
            if (fails) {
                throw new StartException("the third cannot be opened");
            }
            opened.keep();
        }
    }
}
