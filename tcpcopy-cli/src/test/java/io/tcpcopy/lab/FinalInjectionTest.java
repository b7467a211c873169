package io.tcpcopy.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class FinalInjectionTest {
    private static final String LOG = """
            2026/11/22 14:01:35 +100 [notice] send:10,send content:5
            2026/11/22 14:01:35 +100 [notice] injected packets:10
            2026/11/22 14:02:05 +100 [notice] send:100,send content:50
            2026/11/22 14:02:05 +100 [notice] injected packets:57,next hop silent:20,target closed:3,dropped by full queue:5,failed:15,EPERM:15
            """;

    @Test
    void everythingThatBecameOfPacketsIsAddedUpAtTheEnd() {
        FinalInjection injection = FinalInjection.parse(LOG);

        assertThat(injection).isEqualTo(new FinalInjection(100, 100));
        injection.assertComplete();
    }

    @Test
    void missingPacketIsNoticed() {
        FinalInjection injection = FinalInjection.parse(LOG.replace("failed:15", "failed:14"));

        assertThatThrownBy(injection::assertComplete)
                .hasMessageContaining("100")
                .hasMessageContaining("99");
    }
}
