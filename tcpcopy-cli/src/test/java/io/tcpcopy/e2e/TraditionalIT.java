package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** intercept runs on the target host itself and takes the responses from NFQUEUE. The assistant host only watches. */
class TraditionalIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int SECONDS_TO_ANSWER = 5;
    /** Long enough for the SYN to be repeated once. */
    private static final int SECONDS_WITHOUT_ANSWER = 2;

    private static final int TIMED_OUT = 124;
    private static final String DISCARD_PORT = "9";
    private static final int QUEUE_LENGTH = 1024;

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;
    private Firewall leaked;

    @BeforeEach
    void stopResponses() {
        service = new CopiedService(lab);
        lab.run(
                Host.TARGET,
                "iptables",
                "-I",
                "OUTPUT",
                "-p",
                "tcp",
                "--sport",
                "" + CopiedService.PORT,
                "-j",
                "NFQUEUE");
        // The target's route for the clients leads there.
        leaked = Firewall.counting(
                lab, Host.ASSISTANT, "ip saddr " + lab.address("TARGET") + " ip daddr " + lab.address("CLIENT_NET"));
    }

    private void assertCopied(Traffic traffic) {
        traffic.complete().assertCopiedExactly(PATIENCE);
        FinalLedger ledger = service.stopCompleteCopying();

        assertThat(ledger.requests().delivered()).isEqualTo(traffic.sent().size());
        assertThat(leaked.packets()).as("responses that left the target").isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = 64 * 1024)
    void everyRequestIsCopiedExactlyAndNoResponseLeavesTheTarget(int responseBytes) {
        service.startTraditionalIntercept();
        service.startTcpcopy();

        assertCopied(service.traffic(
                "queue",
                "--response",
                "" + responseBytes,
                "--short",
                "500",
                "--rate",
                "250",
                "--keep-alive",
                "20",
                "--requests",
                "50",
                "--pause",
                "10"));
    }

    @Tag("long")
    @Test
    void everyRequestIsCopiedExactlyWhereResponsesAreSmall() {
        everyRequestIsCopiedExactlyAndNoResponseLeavesTheTarget(0);
    }

    @Tag("long")
    @Test
    void aQueueThatIsFullForAWhileLosesNothing() {
        HostProcess intercept = service.startTraditionalIntercept();
        service.startTcpcopy();
        lab.run(Host.TARGET, "iptables", "-I", "OUTPUT", "-p", "udp", "--dport", DISCARD_PORT, "-j", "NFQUEUE");
        Traffic traffic = service.steadyTraffic(8);
        traffic.waitUntilServed(100);
        intercept.pause();
        String datagram = "echo >/dev/udp/" + lab.address("ASSISTANT") + "/" + DISCARD_PORT;
        lab.run(Host.TARGET, "bash", "-c", "for ((i = 0; i < " + QUEUE_LENGTH + "; i++)); do " + datagram + "; done");
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        intercept.resume();

        assertCopied(traffic);
        assertThat(intercept.output()).containsPattern("capture kernel drops:[1-9]");
    }

    @Tag("long")
    @Test
    void onlyAddressesThatAreLetThroughGetAnswers() {
        HostProcess intercept = service.startTraditionalIntercept("-x", lab.address("ASSISTANT") + ",10.9.9.9");
        service.startTcpcopy();

        assertThat(ask(Host.ONLINE, SECONDS_WITHOUT_ANSWER)).isEqualTo(TIMED_OUT);
        assertThat(ask(Host.ASSISTANT, SECONDS_TO_ANSWER)).isZero();
        assertThat(ask(Host.ONLINE, SECONDS_WITHOUT_ANSWER)).isEqualTo(TIMED_OUT);

        assertCopied(service.traffic("beside", "--short", "50", "--rate", "50"));
        assertThat(intercept.output()).containsPattern("let through:[1-9]");
    }

    /** Requests something from the target, and waits for the end of the answer; the exit status. */
    private int ask(Host host, int seconds) {
        String request = "GET /directly HTTP/1.1\\r\\nConnection: close\\r\\n\\r\\n";
        String script = "exec 3<>/dev/tcp/" + lab.address("TARGET") + "/" + CopiedService.PORT + "; printf '" + request
                + "' >&3; grep -q '200 OK' <&3";
        return lab.start("ask", host, "timeout", "" + seconds, "bash", "-c", script)
                .waitFor(PATIENCE);
    }
}
