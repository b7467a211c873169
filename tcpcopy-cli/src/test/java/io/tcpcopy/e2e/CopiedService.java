package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Load;
import io.tcpcopy.lab.RecordingServer;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** A web service on the online and the target host, which is copied. */
final class CopiedService extends Copying {

    static final int PORT = 8080;

    private static final Duration TIME_TO_START = Duration.ofSeconds(20);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);

    private final Lab lab;

    CopiedService(Lab lab) {
        super(lab, PORT);
        this.lab = lab;
        serve(Host.ONLINE, lab.address("ONLINE"));
        serve(Host.TARGET, lab.address("TARGET"));
    }

    private void serve(Host host, String address) {
        lab.startJava(
                        "server",
                        host,
                        RecordingServer.class,
                        address,
                        "" + PORT,
                        log(host).toString())
                .waitForOutput("listening", TIME_TO_START);
    }

    private Path log(Host host) {
        return lab.file(host + ".requests");
    }

    /** Requests that clients make; started, not yet complete. */
    final class Traffic {

        private final HostProcess client;
        private final String run;
        private final Path clientLog;

        private Traffic(String run, String... options) {
            this.run = run;
            clientLog = lab.file("client-" + run + ".requests");
            List<String> arguments = new ArrayList<>(List.of(
                    "--server",
                    lab.address("ONLINE") + ":" + PORT,
                    "--clients",
                    lab.address("CLIENT_PREFIX") + ".1-30",
                    "--run",
                    run,
                    "--log",
                    clientLog.toString()));
            arguments.addAll(List.of(options));
            client = lab.startJava("client", Host.CLIENT, Load.class, arguments.toArray(String[]::new));
        }

        /** Waits until the clients have the online server's answer to every request. */
        Traffic complete() {
            assertThat(client.waitFor(LONGEST_LOAD)).as(client.output()).isZero();
            return this;
        }

        /** What the clients sent. */
        List<RequestRecord> sent() {
            return read(clientLog);
        }

        /** What of this traffic arrived at a host so far. */
        List<RequestRecord> arrivedAt(Host host) {
            String paths = "/r/" + run + "/";
            return read(log(host)).stream()
                    .filter(request -> request.path().startsWith(paths))
                    .toList();
        }

        /** Asserts that the online host has every request exactly once, and soon the target host as well. */
        void assertCopiedExactly(Duration patience) {
            List<RequestRecord> sent = sent();
            assertThat(Tally.of(sent, arrivedAt(Host.ONLINE))).matches(Tally::isExact);
            Waiting.holdsWithin(patience, () -> arrivedAt(Host.TARGET).size() >= sent.size());
            assertThat(Tally.of(sent, arrivedAt(Host.TARGET)))
                    .matches(Tally::isExact, "has every request exactly once");
        }
    }

    /** Starts traffic; options are those of {@link Load}. */
    Traffic traffic(String run, String... options) {
        return new Traffic(run, options);
    }

    private static List<RequestRecord> read(Path log) {
        try {
            // A line that is being written does not count yet.
            String text = Files.readString(log);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(RequestRecord::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
