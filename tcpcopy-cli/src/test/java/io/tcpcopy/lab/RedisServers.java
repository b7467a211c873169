package io.tcpcopy.lab;

import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** A Redis on the online and one on the target host. */
public final class RedisServers {

    /** Where both listen. */
    public static final int PORT = 6379;

    /** What must be installed. */
    public static final List<String> PROGRAMS = List.of("redis-server", "redis-benchmark", "redis-cli");

    private static final Duration TIME_TO_START = Duration.ofSeconds(10);
    private static final Pattern CALLS = Pattern.compile(":calls=(\\d+)");

    private final LabHosts lab;
    private final Map<Host, String> passwords;

    /** Starts both, empty. */
    public RedisServers(LabHosts lab) {
        this(lab, Map.of());
    }

    /** The same where clients have to log in; a host without a password lets in all. */
    public RedisServers(LabHosts lab, Map<Host, String> passwords) {
        this.lab = lab;
        this.passwords = passwords;
        Stream.of(Host.ONLINE, Host.TARGET)
                .map(host -> lab.start(
                        "redis",
                        host,
                        "redis-server",
                        "--bind",
                        lab.address(host.name()),
                        "127.0.0.1",
                        "--port",
                        "" + PORT,
                        "--protected-mode",
                        "no",
                        "--requirepass",
                        passwords.getOrDefault(host, ""),
                        "--save",
                        "",
                        "--enable-debug-command",
                        "yes"))
                .toList()
                .forEach(server -> server.waitForOutput("Ready to accept connections", TIME_TO_START));
    }

    /** Starts redis-benchmark on the client host, against the online host. */
    public HostProcess benchmark(List<String> options) {
        List<String> command = command("redis-benchmark", Host.ONLINE, "-q");
        return lab.start(
                "benchmark",
                Host.CLIENT,
                Stream.concat(command.stream(), options.stream()).toArray(String[]::new));
    }

    /** A digest of all keys with their values. */
    public String digest(Host server) {
        return ask(server, "debug", "digest").strip();
    }

    /** How often a server has carried out a command. */
    public int calls(Host server, String command) {
        String prefix = "cmdstat_" + command + ":";
        return ask(server, "info", "commandstats")
                .lines()
                .filter(line -> line.startsWith(prefix))
                .flatMap(line -> CALLS.matcher(line).results())
                .mapToInt(calls -> Integer.parseInt(calls.group(1)))
                .sum();
    }

    private String ask(Host server, String... command) {
        // The target's answers to other hosts end at the assistant.
        Host from = server == Host.TARGET ? Host.TARGET : Host.CLIENT;
        return lab.run(
                from,
                Stream.concat(command("redis-cli", server, "--no-auth-warning").stream(), Stream.of(command))
                        .toArray(String[]::new));
    }

    private List<String> command(String client, Host server, String option) {
        List<String> command = new ArrayList<>(List.of(client, "-h", lab.address(server.name()), option));
        if (passwords.containsKey(server)) {
            command.addAll(List.of("-a", passwords.get(server)));
        }
        return command;
    }
}
