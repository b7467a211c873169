package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.host.HostCommand;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** Prometheus's own check of what is written for it. A test that needs it is skipped where it is not installed. */
public final class Promtool {
    private static final String PROGRAM = "promtool";

    private Promtool() {}

    /** Runs it, asserts that it finds nothing wrong, and returns what it says; {@code input} is what it reads. */
    public static String approves(String input, String... arguments) throws IOException, InterruptedException {
        assumeTrue(HostCommand.isThere(PROGRAM), "skipped: needs promtool (Debian: prometheus)");
        Process promtool = new ProcessBuilder(Stream.concat(Stream.of(PROGRAM), List.of(arguments).stream())
                        .toList())
                .redirectErrorStream(true)
                .start();
        try (OutputStream in = promtool.getOutputStream()) {
            in.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String said = new String(promtool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(promtool.waitFor()).as(said).isZero();
        return said;
    }
}
