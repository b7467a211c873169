package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The target fails in the middle of copying. */
class TargetFaultsIT {

    private static final Duration TIME_TO_GIVE_UP = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    @Tag("long")
    @Test
    void whatAKilledServerCostsIsNamed() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy();
        Traffic traffic = service.steadyTraffic(6);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        service.killTargetServer();
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        service.startTargetServer();

        traffic.complete();
        service.assertCopies("after");
        FinalLedger ledger = service.stopCopying();
        // What the killed process had not read yet was acknowledged by its kernel: on a busy machine what came within
        // half a second.
        traffic.assertCopiedOrNamed(ledger, CopiedService.STEADY_RATE / 2);
        assertThat(ledger.reasons()).isSubsetOf("refused", "request cut");
    }

    @Test
    void connectionsOutliveThatTheTargetIsGone() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy();
        Traffic traffic = service.steadyTraffic(5);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        service.disconnectTarget();
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        service.reconnectTarget();

        traffic.complete().assertKeepAliveConnectionsCopiedExactly();
        service.assertCopies("after");
        FinalLedger ledger = service.stopCopying();
        traffic.assertCopiedOrNamed(ledger, 0);
        // The last of the SYNs leaves after 3 s.
        assertThat(ledger.reasons()).isSubsetOf("no answer", "stopped");
    }

    @Tag("long")
    @Test
    void aTargetThatNeverAnswersCostsLittleAndIsNamed() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();
        String copies = "tcp dport " + CopiedService.PORT;
        Firewall resets = Firewall.counting(lab, Host.TARGET, copies + " tcp flags & rst == rst");
        Firewall all = Firewall.dropping(lab, Host.TARGET, copies);
        int shortConnections = 600;

        Traffic traffic = service.traffic(
                        "unanswered",
                        "--short",
                        "" + shortConnections,
                        "--rate",
                        "300",
                        "--keep-alive",
                        "" + CopiedService.STEADY_CONNECTIONS,
                        "--requests",
                        "20",
                        "--body",
                        "10000")
                .complete();
        // The end of each session is an RST.
        Waiting.until(
                "all sessions have ended",
                TIME_TO_GIVE_UP,
                () -> resets.packets() == shortConnections + CopiedService.STEADY_CONNECTIONS);

        CopiedService.assertMemoryBounded(tcpcopy);
        assertThat(all.packets()).isPositive();
        FinalLedger ledger = service.stopCopying();
        traffic.assertCopiedOrNamed(ledger, 0);
        assertThat(ledger.reasons()).containsExactly("no answer");
        assertThat(ledger.requests().missing()).isEqualTo(traffic.sent().size());
    }
}
