package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
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

/** A web service on the online and the target host, which is copied. Its clients must not notice. */
final class CopiedService extends Copying {

    static final int PORT = 8080;
    static final int STEADY_CONNECTIONS = 10;
    /** Requests a second of {@link #steadyTraffic}, or a little less. */
    static final int STEADY_RATE = 150;

    /** The larger capture buffer takes 128 MB of it. */
    private static final long MOST_RESIDENT_BYTES = 256L << 20;

    private static final Duration TIME_TO_START = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);

    private final Lab lab;
    private final Firewall strange;
    private HostProcess targetServer;

    CopiedService(Lab lab) {
        super(lab, PORT);
        this.lab = lab;
        strange = Firewall.counting(
                lab,
                Host.CLIENT,
                "iifname front ip saddr { " + lab.address("TARGET") + ", " + lab.address("ASSISTANT") + " }",
                "iifname front ip protocol icmp",
                "iifname front tcp flags & rst == rst");
        serve(Host.ONLINE, lab.address("ONLINE"));
        startTargetServer();
    }

    private HostProcess serve(Host host, String address) {
        HostProcess server = lab.startJava(
                "server",
                host,
                RecordingServer.class,
                address,
                "" + PORT,
                log(host).toString());
        server.waitForOutput("listening", TIME_TO_START);
        return server;
    }

    /** Kills the server of the target host (SIGKILL). */
    void killTargetServer() {
        targetServer.kill();
    }

    /** Starts the server of the target host. */
    void startTargetServer() {
        targetServer = serve(Host.TARGET, lab.address("TARGET"));
    }

    private Path log(Host host) {
        return lab.file(host + ".requests");
    }

    /** The same, and asserts that the clients have noticed nothing. */
    @Override
    public FinalLedger stopCopying() {
        FinalLedger ledger = super.stopCopying();
        assertClientsUndisturbed();
        return ledger;
    }

    /** Asserts that nothing arrived at the clients that an ordinary connection does not bring. */
    void assertClientsUndisturbed() {
        assertThat(strange.packets())
                .as("ICMP, resets, and packets of other hosts that clients saw")
                .isZero();
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

        /** Waits until the online host has so many requests. */
        void waitUntilServed(int requests) {
            Waiting.until(
                    "the online host has " + requests + " requests",
                    LONGEST_LOAD,
                    () -> arrivedAt(Host.ONLINE).size() >= requests);
        }

        /** Waits until the online host has so many requests more. */
        void waitUntilServedMore(int requests) {
            waitUntilServed(arrivedAt(Host.ONLINE).size() + requests);
        }

        /** Asserts that the online host has every request exactly once, and soon the target host as well. */
        void assertCopiedExactly(Duration patience) {
            List<RequestRecord> sent = sent();
            assertServedExactly();
            Waiting.holdsWithin(patience, () -> arrivedAt(Host.TARGET).size() >= sent.size());
            assertThat(Tally.of(sent, arrivedAt(Host.TARGET)))
                    .matches(Tally::isExact, "has every request exactly once");
        }

        /** The same for keep-alive connections alone. */
        void assertKeepAliveConnectionsCopiedExactly() {
            List<RequestRecord> sent = ofKeepAliveConnections(sent());
            Waiting.holdsWithin(
                    PATIENCE,
                    () -> ofKeepAliveConnections(arrivedAt(Host.TARGET)).size() >= sent.size());
            assertThat(Tally.of(sent, ofKeepAliveConnections(arrivedAt(Host.TARGET))))
                    .matches(Tally::isExact, "has every request exactly once");
        }

        private List<RequestRecord> ofKeepAliveConnections(List<RequestRecord> requests) {
            String paths = "/r/" + run + "/k";
            return requests.stream()
                    .filter(request -> request.path().startsWith(paths))
                    .toList();
        }

        private void assertServedExactly() {
            assertThat(Tally.of(sent(), arrivedAt(Host.ONLINE))).matches(Tally::isExact);
        }

        /**
         * Asserts that the online host has every request exactly once, the target host none twice, and that the ledger
         * names those that it lacks.
         *
         * @param ledger of a run with no other traffic that was lost
         * @param unread how many the target's kernel may have acknowledged although the server never read them
         */
        void assertCopiedOrNamed(FinalLedger ledger, int unread) {
            assertServedExactly();
            Tally tally = Tally.of(sent(), arrivedAt(Host.TARGET));
            assertThat(tally.withoutLost()).matches(Tally::isExact);
            assertThat((long) tally.lost().size())
                    .as("%s, the ledger names %s: %s", tally, ledger.requests(), ledger.reasons())
                    .isLessThanOrEqualTo(ledger.requests().missing() + unread);
        }
    }

    /** Starts traffic; options are those of {@link Load}. */
    Traffic traffic(String run, String... options) {
        return new Traffic(run, options);
    }

    /** Starts {@link #STEADY_RATE} requests a second, over short connections and {@link #STEADY_CONNECTIONS} others. */
    Traffic steadyTraffic(int seconds) {
        return traffic(
                "steady",
                "--short",
                "" + 50 * seconds,
                "--rate",
                "50",
                "--keep-alive",
                "" + STEADY_CONNECTIONS,
                "--pause",
                "100",
                "--requests",
                "" + 10 * seconds);
    }

    /** Asserts that a little traffic is copied now. */
    void assertCopies(String run) {
        traffic(run, "--short", "100", "--rate", "100", "--keep-alive", "5", "--requests", "20")
                .complete()
                .assertCopiedExactly(PATIENCE);
    }

    /** Asserts that a program has never had more memory resident than any fault may cost, and tells how much it was. */
    static void assertMemoryBounded(HostProcess program) {
        long bytes = program.peakResidentBytes();
        System.out.println(program.name() + " had at most " + (bytes >> 20) + " MB resident");
        assertThat(bytes).as(program.name()).isLessThan(MOST_RESIDENT_BYTES);
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
