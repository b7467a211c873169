package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Load;
import io.tcpcopy.lab.Programs;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.List;

/** A web service on the online and the target host, which is copied. Its clients must not notice. */
final class CopiedService extends Copying {

    static final int PORT = 8080;
    static final int STEADY_CONNECTIONS = 10;
    /** Requests a second of {@link #steadyTraffic}, or a little less. */
    static final int STEADY_RATE = 150;

    private static final long MOST_RESIDENT_BYTES = 256L << 20;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LONGEST_LOAD = Duration.ofMinutes(2);

    private final Lab lab;
    private Firewall strange;
    private final WebServer onlineServer;
    private WebServer targetServer;

    CopiedService(Lab lab) {
        this(lab, Programs.OURS);
    }

    CopiedService(Lab lab, Programs programs) {
        super(lab, PORT, programs);
        this.lab = lab;
        strange = Firewall.countingDisturbances(lab);
        onlineServer = WebServer.start(lab, Host.ONLINE, lab.address("ONLINE"), PORT);
        startTargetServer();
        onlineServer.awaitListening();
    }

    /** Kills the server of the target host (SIGKILL). */
    void killTargetServer() {
        targetServer.kill();
    }

    /** Starts the server of the target host. */
    void startTargetServer() {
        targetServer =
                WebServer.start(lab, Host.TARGET, lab.address("TARGET"), PORT).awaitListening();
    }

    /** The requests that have arrived at the target so far, of clients of any kind. */
    List<RequestRecord> arrivedAtTarget() {
        return targetServer.requests();
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
        strange.assertNoDisturbance();
    }

    /** The clients' link turns bits: what looks like a reset there may be none, and nobody believes it. */
    void expectDamagedPackets() {
        strange.remove();
        strange = Firewall.countingStrangers(lab);
    }

    /** Requests that clients make; started, not yet complete. */
    final class Traffic {

        private final WebClients clients;

        private Traffic(String run, String... options) {
            clients = WebClients.start(
                    lab,
                    Host.CLIENT,
                    run,
                    lab.address("ONLINE") + ":" + PORT,
                    lab.address("CLIENT_PREFIX") + ".1-30",
                    options);
        }

        /** Waits until the clients have the online server's answer to every request. */
        Traffic complete() {
            clients.complete();
            return this;
        }

        /** What the clients sent. */
        List<RequestRecord> sent() {
            return clients.sent();
        }

        /** What of this traffic arrived at a host so far. */
        List<RequestRecord> arrivedAt(Host host) {
            return clients.theirs((host == Host.ONLINE ? onlineServer : targetServer).requests());
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
            assertCopied(1, patience);
        }

        /** Asserts that the online host has every request exactly once, and soon the target host this often. */
        void assertCopied(int times, Duration patience) {
            List<RequestRecord> sent = sent();
            assertServedExactly();
            Waiting.holdsWithin(patience, () -> arrivedAt(Host.TARGET).size() >= times * sent.size());
            assertThat(Tally.ofCopies(times, sent, arrivedAt(Host.TARGET)))
                    .matches(Tally::isExact, "has every request as often as it should");
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
            String paths = "/r/" + clients.run() + "/k";
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
}
