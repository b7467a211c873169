package io.tcpcopy.lab;

import io.tcpcopy.lab.LabHosts.Host;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** nginx on a host, which logs each request. */
public final class NginxServer {

    /** Where it listens. */
    public static final int PORT = 8080;

    private static final Duration TIME_TO_START = Duration.ofSeconds(10);

    private final Path log;
    private final HostProcess server;

    /** Starts it, and returns when it listens. */
    public NginxServer(LabHosts lab, Host host) {
        String name = host.name().toLowerCase(Locale.ROOT);
        log = lab.file(name + ".requests");
        server = lab.start(
                "web-" + name,
                host,
                LabHosts.script("lib/web-server"),
                name,
                "" + PORT,
                log.getParent().toString());
        Waiting.until("nginx listens", TIME_TO_START, () -> {
            server.mustRun();
            return lab.listens(host, PORT);
        });
    }

    /** Ends it: from now on the host refuses connections. */
    public void stop() {
        server.endInPeace();
    }

    /** Its log, which is a fifth of a second late at most. */
    public Path log() {
        return log;
    }

    /** All requests so far. */
    public List<RequestRecord> requests() {
        return RequestRecord.readAll(log);
    }
}
