package io.tcpcopy.e2e;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.RecordingServer;
import io.tcpcopy.lab.RequestRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A {@link RecordingServer} on a host. One that is started in its place goes on with its records. */
final class WebServer {

    private static final Duration TIME_TO_START = Duration.ofSeconds(20);

    private final Path log;
    private final HostProcess process;

    private WebServer(Path log, HostProcess process) {
        this.log = log;
        this.process = process;
    }

    /** Starts one; it does not listen yet. */
    static WebServer start(Lab lab, Host host, String address, int port) {
        Path log = lab.file(address + "-" + port + ".requests");
        return new WebServer(
                log, lab.startJava("server", host, RecordingServer.class, address, "" + port, log.toString()));
    }

    /** Waits until it listens. */
    WebServer awaitListening() {
        process.waitForOutput("listening", TIME_TO_START);
        return this;
    }

    /** All requests that have arrived so far. */
    List<RequestRecord> requests() {
        return RequestRecord.readAll(log);
    }

    /** Kills it (SIGKILL). */
    void kill() {
        process.kill();
    }
}
