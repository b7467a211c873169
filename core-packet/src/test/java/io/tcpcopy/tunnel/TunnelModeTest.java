package io.tcpcopy.tunnel;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class TunnelModeTest {
    @Test
    void aModeIsNamedByTheOptionsThatAskForIt() {
        assertThat(TunnelMode.DEFAULT).hasToString("default");
        assertThat(new TunnelMode(TunnelFormat.of(false, true), true, true))
                .hasToString("--single --disable-combined --resp-payload --dnat");
    }
}
