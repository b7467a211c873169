package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.TunnelNoise;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Intercept, or the path to it, is gone for a while in the middle of copying. */
class TunnelIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Dead peers are noticed after 10 s; reconnecting backs off to 12 s. */
    private static final Duration TIME_TO_NOTICE = Duration.ofSeconds(30);

    private static final Duration TIME_TO_RECONNECT = Duration.ofSeconds(30);

    private static final String TO_INTERCEPT = "tcp dport " + Copying.TUNNEL_PORT;
    private static final String FROM_INTERCEPT = "tcp sport " + Copying.TUNNEL_PORT;

    @RegisterExtension
    private final Lab lab = new Lab();

    @Tag("long")
    @Test
    void nothingIsLostWhileInterceptStandsStillForFiveSeconds() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        service.startTcpcopy();
        Traffic traffic = service.steadyTraffic(8);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        intercept.pause();
        traffic.waitUntilServedMore(5 * CopiedService.STEADY_RATE);
        intercept.resume();

        traffic.complete().assertCopiedExactly(PATIENCE);
        service.stopCompleteCopying();
    }

    @Test
    void whatAKilledInterceptCostsIsNamed() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        service.startTcpcopy("-L");
        Traffic traffic = service.steadyTraffic(8);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        intercept.kill();
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        service.startIntercept();
        Waiting.until("tcpcopy is connected again", TIME_TO_RECONNECT, service::isConnected);

        traffic.complete();
        service.assertCopies("after");
        FinalLedger ledger = service.stopCopying();
        traffic.assertCopiedOrNamed(ledger, 0);
        assertThat(ledger.reasons()).isSubsetOf("no route", "no answer");
    }

    @Tag("long")
    @Test
    void copyingResumesAfterTheTunnelWasCutForLongerThanItsTimeout() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("-L");
        Traffic traffic = service.steadyTraffic(17);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        Firewall requests = Firewall.dropping(lab, Host.ASSISTANT, TO_INTERCEPT);
        Firewall answers = Firewall.dropping(lab, Host.ONLINE, FROM_INTERCEPT);
        tcpcopy.waitForOutput("nothing is copied until one is back", TIME_TO_NOTICE);
        requests.remove();
        answers.remove();
        tcpcopy.waitForOutput("an intercept is back", TIME_TO_RECONNECT);

        traffic.complete();
        service.assertCopies("after");
        FinalLedger ledger = service.stopCopying();
        traffic.assertCopiedOrNamed(ledger, 0);
        assertThat(ledger.reasons()).isSubsetOf("no answer", "no route");
    }

    @Test
    void copyingResumesAfterTheTunnelWasReset() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("-L");
        Traffic traffic = service.steadyTraffic(8);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        Firewall firewall = Firewall.resetting(lab, Host.ASSISTANT, TO_INTERCEPT);
        tcpcopy.waitForOutput("nothing is copied until one is back", TIME_TO_NOTICE);
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        firewall.remove();
        tcpcopy.waitForOutput("an intercept is back", TIME_TO_RECONNECT);

        traffic.complete();
        service.assertCopies("after");
        FinalLedger ledger = service.stopCopying();
        traffic.assertCopiedOrNamed(ledger, 0);
        assertThat(ledger.reasons()).isSubsetOf("no route");
    }

    @Tag("long")
    @Test
    void withoutTheLonelyOptionACutTunnelEndsTcpcopyWithABalancedLedger() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();
        Traffic traffic = service.steadyTraffic(5);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        Firewall.dropping(lab, Host.ASSISTANT, TO_INTERCEPT);
        Firewall.dropping(lab, Host.ONLINE, FROM_INTERCEPT);

        assertThat(tcpcopy.waitFor(TIME_TO_NOTICE)).isEqualTo(1);
        assertThat(tcpcopy.output().lines())
                .last()
                .asString()
                .contains("TC502: no intercept is left: intercept " + lab.address("ASSISTANT"))
                .contains("Connection timed out");
        FinalLedger ledger = FinalLedger.parse(tcpcopy.output());
        ledger.assertBalances();
        assertThat(ledger.reasons()).isSubsetOf("no answer", "stopped");
        traffic.complete();
        service.assertClientsUndisturbed();
    }

    @ParameterizedTest
    @ValueSource(strings = "routes")
    void aPeerThatSendsNonsenseAtFullSpeedHarmsNoCopy(String kind) {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        service.startTcpcopy();
        lab.startJava("noise", Host.TARGET, TunnelNoise.class, lab.address("ASSISTANT"), "" + Copying.TUNNEL_PORT, kind)
                .waitForOutput("sending", PATIENCE);

        service.steadyTraffic(3).complete().assertCopiedExactly(PATIENCE);

        CopiedService.assertMemoryBounded(intercept);
        service.stopCompleteCopying();
        if (kind.equals("bytes")) {
            assertThat(intercept.output()).contains("is too old: it announces no version");
        }
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"bytes", "messages"})
    void aPeerThatSendsOtherNonsenseHarmsNoCopy(String kind) {
        aPeerThatSendsNonsenseAtFullSpeedHarmsNoCopy(kind);
    }
}
