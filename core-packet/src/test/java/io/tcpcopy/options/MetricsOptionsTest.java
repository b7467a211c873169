package io.tcpcopy.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Endpoint;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

class MetricsOptionsTest {
    @Command(name = "sample")
    private static final class Sample {
        @Mixin
        private MetricsOptions metrics = new MetricsOptions();
    }

    private static Optional<Endpoint> read(String... arguments) throws BadInputException {
        Sample sample = new Sample();
        new CommandLineReader(sample).read(arguments, new PrintWriter(new StringWriter()));
        return sample.metrics.endpoint();
    }

    @Test
    void nothingIsShownUnlessItIsAskedFor() throws Exception {
        assertThat(read()).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"1, 127.0.0.1:1", "65535, 127.0.0.1:65535", "10.0.0.1:9464, 10.0.0.1:9464", "0.0.0.0:9464, 0.0.0.0:9464"
    })
    void withoutAnAddressItIsForThisHostAlone(String value, String endpoint) throws Exception {
        assertThat(read("--metrics", value).map(Endpoint::toString)).contains(endpoint);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "0",
                "65536",
                "-1",
                "http",
                ":9464",
                "10.0.0.1",
                "10.0.0.1:",
                "10.0.0.1:0",
                "localhost:9464",
                "[::1]:9464",
                "10.0.0.1:80:90"
            })
    void anythingElseIsRefused(String value) {
        assertThatThrownBy(() -> read("--metrics", value))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --metrics: \"" + value + "\": expected [ADDR:]PORT, such as 9464 or 10.0.0.1:9464");
    }
}
