package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Load;
import io.tcpcopy.lab.RequestRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** Clients that make a {@link Load}. */
final class WebClients {

    private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);

    private final String run;
    private final Path log;
    private final HostProcess process;

    private WebClients(String run, Path log, HostProcess process) {
        this.run = run;
        this.log = log;
        this.process = process;
    }

    /**
     * Starts them.
     *
     * @param run marks their requests, see {@link #run}; unique in the lab
     * @param server address and port
     * @param addresses their own, {@code 10.1.1.1-30}
     * @param options of {@link Load}
     */
    static WebClients start(Lab lab, Host host, String run, String server, String addresses, String... options) {
        Path log = lab.file("client-" + run + ".requests");
        Stream<String> arguments = Stream.concat(
                Stream.of("--server", server, "--clients", addresses, "--run", run, "--log", log.toString()),
                Stream.of(options));
        return new WebClients(run, log, lab.startJava("client", host, Load.class, arguments.toArray(String[]::new)));
    }

    /** Waits until they have the online server's answer to every request. */
    void complete() {
        assertThat(process.waitFor(LONGEST_LOAD)).as(process.output()).isZero();
    }

    /** What marks their requests: their paths begin with {@code /r/RUN/}. */
    String run() {
        return run;
    }

    /** What they sent. */
    List<RequestRecord> sent() {
        return RequestRecord.readAll(log);
    }

    /** Those of these requests that are theirs. */
    List<RequestRecord> theirs(List<RequestRecord> requests) {
        String paths = "/r/" + run + "/";
        return requests.stream()
                .filter(request -> request.path().startsWith(paths))
                .toList();
    }
}
