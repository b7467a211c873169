package io.tcpcopy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import picocli.CommandLine.ParameterException;

class BenchOptionsTest {

    @Test
    void aPictureNeedsAPeer() {
        assertThatThrownBy(() -> read("--svg", "peer.svg"))
                .isInstanceOf(ParameterException.class)
                .hasMessage("--svg draws a comparison: it needs --peer-tcpcopy and --peer-intercept");

        assertThat(read("--svg", "peer.svg", "--peer-tcpcopy", "a", "--peer-intercept", "b")
                        .svg())
                .hasToString("peer.svg");
    }

    private static BenchOptions read(String... arguments) {
        return BenchOptions.read(arguments);
    }
}
