package io.tcpcopy.lab;

import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import java.util.List;

/** A memcached on the online and one on the target host. */
public final class MemcachedServers {

    /** Where both listen. */
    public static final int PORT = 11211;

    /** What must be installed. */
    public static final List<String> PROGRAMS = List.of("memcached");

    private static final Duration TIME_TO_START = Duration.ofSeconds(10);

    private final LabHosts lab;

    /** Starts both, empty. */
    public MemcachedServers(LabHosts lab) {
        this.lab = lab;
        for (Host host : List.of(Host.ONLINE, Host.TARGET)) {
            HostProcess server = lab.start(
                    "memcached-" + host,
                    host,
                    "memcached",
                    "-u",
                    "nobody",
                    "-l",
                    lab.address(host.name()),
                    "-p",
                    "" + PORT);
            Waiting.until("memcached listens", TIME_TO_START, () -> {
                server.mustRun();
                return lab.listens(host, PORT);
            });
        }
    }

    /** One of the numbers that the server of a host has under "stats". */
    public long statistic(Host host, String name) {
        // The target's answers to other hosts end at the assistant.
        Host from = host == Host.TARGET ? Host.TARGET : Host.CLIENT;
        String prefix = "STAT " + name + " ";
        return bash(from, host, "printf 'stats\\r\\nquit\\r\\n' >&3; tr -d '\\r' <&3")
                .lines()
                .filter(line -> line.startsWith(prefix))
                .mapToLong(line -> Long.parseLong(line.substring(prefix.length())))
                .findFirst()
                .orElseThrow();
    }

    private String bash(Host from, Host server, String script) {
        String connect = "exec 3<>/dev/tcp/" + lab.address(server.name()) + "/" + PORT + "; ";
        return lab.run(from, "bash", "-ec", connect + script);
    }

    /** Changes a value by the version number that the online server has given it, as clients do that must not overwrite each other. */
    public String replaceByVersion() {
        return bash(Host.CLIENT, Host.ONLINE, """
                printf 'set page 0 0 3\\r\\nold\\r\\n' >&3
                read -r stored <&3
                printf 'gets page\\r\\n' >&3
                read -r _ _ _ _ version <&3
                read -r _ <&3
                read -r _ <&3
                printf 'cas page 0 0 3 %s\\r\\nnew\\r\\n' "${version%?}" >&3
                read -r answer <&3
                echo "${answer%?}"
                """).strip();
    }
}
