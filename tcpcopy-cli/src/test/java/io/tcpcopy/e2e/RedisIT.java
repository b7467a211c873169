package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.LabHosts.Link;
import io.tcpcopy.lab.RedisServers;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A real Redis, whose clients send many commands before they read an answer, has the same data on both hosts. */
class RedisIT {

    private static final Duration LONGEST_LOAD = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    private RedisServers servers;
    private Copying copying;

    @BeforeEach
    void startCopying() {
        Lab.assumeInstalled(RedisServers.PROGRAMS);
        servers = new RedisServers(lab);
        copying = new Copying(lab, RedisServers.PORT);
        copying.startIntercept();
        // The clients are as fast as the machine.
        copying.startTcpcopy();
    }

    /** Sends a command for 1,000 random keys 20,000 times, 16 at once. */
    private void benchmark(int connections, String... redisCommand) {
        benchmark(connections, 16, 20_000, redisCommand);
    }

    /** Sends a command for 1,000 random keys. */
    private void benchmark(int connections, int atOnce, int times, String... redisCommand) {
        List<String> options =
                new ArrayList<>(List.of("-c", "" + connections, "-P", "" + atOnce, "-n", "" + times, "-r", "1000"));
        options.addAll(List.of(redisCommand));
        HostProcess benchmark = servers.benchmark(options);
        assertThat(benchmark.waitFor(LONGEST_LOAD)).as(benchmark.output()).isZero();
    }

    @Test
    void valuesOf100KilobytesArriveOnceOverALossyNetwork() {
        lab.lose(Link.TO_TARGET, 1);
        // Each adds to the length of a key.
        benchmark(4, 1, 200, "append", "key:__rand_int__", "x".repeat(100_000));

        assertSameData();
    }

    private void assertSameData() {
        String online = servers.digest(Host.ONLINE);
        assertThat(online).matches("[0-9a-f]{40}").doesNotMatch("0+");
        Waiting.holdsWithin(PATIENCE, () -> servers.digest(Host.TARGET).equals(online));
        assertThat(servers.digest(Host.TARGET)).isEqualTo(online);

        copying.stopCompleteCopying();
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
