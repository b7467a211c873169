package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A leg that breaks while both programs run is named in their logs, and that it is mended as well. */
class RunningDiagnosisIT {
    /** Ten seconds, two looks, and a JVM that starts slowly. */
    private static final Duration TIME_TO_TELL = Duration.ofSeconds(20);

    private static final Duration TIME_TO_RECONNECT = Duration.ofSeconds(30);

    @RegisterExtension
    private final Lab lab = new Lab();

    @Test
    void routeThatTheTargetLosesIsNamedByBothProgramsAndSoIsItsReturn() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();
        service.steadyTraffic(22);
        tcpcopy.waitForOutput("tcpcopy started", TIME_TO_TELL);

        lab.run(Host.TARGET, "ip", "route", "del", lab.address("CLIENT_NET"));
        tcpcopy.waitForOutput("[warn] TC401: of ", TIME_TO_TELL);
        intercept.waitForOutput("[warn] TC409: tcpcopy has asked ", TIME_TO_TELL);
        lab.run(Host.TARGET, "ip", "route", "add", lab.address("CLIENT_NET"), "via", lab.address("ASSISTANT"));
        tcpcopy.waitForOutput("[notice] TC401: it is over", TIME_TO_TELL);
        intercept.waitForOutput("[notice] TC409: it is over", TIME_TO_TELL);

        assertThat(tcpcopy.output()).doesNotContain("TC304", "TC106", "TC50");
        service.stopCopying();
    }

    @Tag("long")
    @Test
    void responsesThatTheFilterOfInterceptLeavesOutAreFound() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept("-F", "tcp and src port 9999");
        service.startTcpcopy();
        service.steadyTraffic(15);

        intercept.waitForOutput("[warn] TC405: tcpcopy has asked ", TIME_TO_TELL);
        service.stopCopying();
    }

    @Tag("long")
    @Test
    void firewallThatDropsAllOfTheTunnelIsNamedAndNotTheWayBack() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("-L");
        CopiedService.Traffic traffic = service.steadyTraffic(15);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        Firewall requests = Firewall.dropping(lab, Host.ASSISTANT, "tcp dport " + Copying.TUNNEL_PORT);
        Firewall answers = Firewall.dropping(lab, Host.ONLINE, "tcp sport " + Copying.TUNNEL_PORT);
        tcpcopy.waitForOutput("[warn] TC502: nothing comes back from intercept", TIME_TO_TELL);
        requests.remove();
        answers.remove();
        tcpcopy.waitForOutput("[notice] TC502: it is over", TIME_TO_RECONNECT);

        assertThat(tcpcopy.output()).contains("TC502: lost intercept").doesNotContain("TC401: of");
        traffic.complete();
        service.stopCopying();
    }
}
