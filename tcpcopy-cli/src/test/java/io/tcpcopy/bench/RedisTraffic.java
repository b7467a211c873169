package io.tcpcopy.bench;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.RedisServers;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.List;

/** Commands for Redis; both servers count them and must have the same data afterwards. */
final class RedisTraffic implements Traffic {

    private static final Duration TIME_TO_START = Duration.ofSeconds(10);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(3);
    private static final List<String> COMMANDS = List.of("set", "append");

    private final RedisServers servers;
    private final List<String> options;
    private HostProcess clients;
    private long startNs;
    private long sent;

    RedisTraffic(LabHosts lab, Row row) {
        servers = new RedisServers(lab);
        options = row.loadOptions();
    }

    @Override
    public int port() {
        return RedisServers.PORT;
    }

    @Override
    public void start() {
        startNs = System.nanoTime();
        clients = servers.benchmark(options);
    }

    @Override
    public void awaitRunning() {
        Waiting.until("the clients send", TIME_TO_START, () -> calls(Host.ONLINE) > 0);
    }

    @Override
    public double complete() {
        if (clients.waitFor(LONGEST_LOAD) != 0) {
            throw new AssertionError("redis-benchmark: " + clients.output());
        }
        double seconds = (System.nanoTime() - startNs) / 1e9;
        sent = calls(Host.ONLINE);
        return seconds;
    }

    @Override
    public long arrived() {
        return calls(Host.TARGET);
    }

    @Override
    public long expected() {
        return sent;
    }

    private long calls(Host server) {
        return COMMANDS.stream()
                .mapToLong(command -> servers.calls(server, command))
                .sum();
    }

    @Override
    public Outcome outcome() {
        long arrived = arrived();
        boolean same = servers.digest(Host.ONLINE).equals(servers.digest(Host.TARGET));
        return new Outcome(
                sent, Math.max(0, sent - arrived), Math.max(0, arrived - sent), same ? "" : "the servers' data differ");
    }
}
