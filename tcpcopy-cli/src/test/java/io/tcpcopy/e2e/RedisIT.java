package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Redis, whose clients send many commands before they read an answer, has the same data on both hosts. */
class RedisIT {

    private static final int PORT = 6379;
    private static final Duration TIME_TO_START = Duration.ofSeconds(10);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    private Copying copying;

    @BeforeEach
    void startCopying() {
        Stream.of("redis-server", "redis-benchmark", "redis-cli")
                .forEach(program -> assumeTrue(isInstalled(program), "skipped: needs " + program));
        serve(Host.ONLINE, "ONLINE");
        serve(Host.TARGET, "TARGET");
        copying = new Copying(lab, PORT);
        copying.startCopying();
    }

    private static boolean isInstalled(String program) {
        return Stream.of(System.getenv("PATH").split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    private void serve(Host host, String address) {
        lab.start(
                        "redis",
                        host,
                        "redis-server",
                        "--bind",
                        lab.address(address),
                        "--port",
                        "" + PORT,
                        "--protected-mode",
                        "no",
                        "--save",
                        "",
                        "--enable-debug-command",
                        "yes")
                .waitForOutput("Ready to accept connections", TIME_TO_START);
    }

    /** Sends a command for 1,000 random keys 20,000 times, 16 at once. */
    private void benchmark(int connections, String... redisCommand) {
        List<String> command = new ArrayList<>(List.of("redis-benchmark", "-h", lab.address("ONLINE")));
        command.addAll(List.of("-c", "" + connections, "-P", "16", "-n", "20000", "-r", "1000", "-q"));
        command.addAll(List.of(redisCommand));
        HostProcess benchmark = lab.start("benchmark", Host.CLIENT, command.toArray(String[]::new));
        assertThat(benchmark.waitFor(LONGEST_LOAD)).as(benchmark.output()).isZero();
    }

    /** A digest of all keys with their values. */
    private String digest(Host askedFrom, String address) {
        return lab.run(askedFrom, "redis-cli", "-h", lab.address(address), "debug", "digest")
                .strip();
    }

    private void assertSameData() {
        String online = digest(Host.CLIENT, "ONLINE");
        assertThat(online).matches("[0-9a-f]{40}").doesNotMatch("0+");
        Waiting.holdsWithin(PATIENCE, () -> digest(Host.TARGET, "TARGET").equals(online));
        assertThat(digest(Host.TARGET, "TARGET")).isEqualTo(online);

        FinalLedger ledger = copying.stopCopying();
        assertThat(ledger.bytes().missing()).isZero();
    }

    @Test
    void pipelinedCommandsOfAConnectionAreCarriedOutInOrder() {
        // The last value of each key stays.
        benchmark(1, "set", "key:__rand_int__", "value:__rand_int__");

        assertSameData();
    }

    @Test
    void pipelinedCommandsOfManyConnectionsAreCarriedOutOnce() {
        // Each adds to the length of a key.
        benchmark(20, "append", "key:__rand_int__", "x");

        assertSameData();
    }
}
