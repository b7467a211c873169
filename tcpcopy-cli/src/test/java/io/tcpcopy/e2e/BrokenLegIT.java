package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Where the copy is lost is said in the last line of the statistics. */
class BrokenLegIT {

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;
    private HostProcess intercept;
    private HostProcess tcpcopy;

    private void copyInVain(String... options) {
        service = new CopiedService(lab);
        intercept = service.startIntercept();
        tcpcopy = service.startTcpcopy(options);
        service.traffic("lost", "--short", "50", "--rate", "50").complete();
        service.stopCopying();
    }

    @Test
    void targetWithoutTheRouteToTheAssistantIsNamedOnBothSides() {
        lab.run(Host.TARGET, "ip", "route", "del", lab.address("CLIENT_NET"));
        copyInVain();

        assertThat(tcpcopy.output()).contains("[warn] TC401: most is lost at the way back: 100 % of");
        assertThat(intercept.output()).contains("[warn] TC409: most is lost at the target's way back: 100 % of routes");
    }

    /** Frames pass it: see HostNetworkIT. */
    @Test
    void firewallOfTheOnlineHostIsNamed() {
        lab.run(Host.ONLINE, "iptables", "-A", "OUTPUT", "-s", lab.address("CLIENT_NET"), "-o", "back", "-j", "DROP");
        copyInVain("--inject", "raw");

        assertThat(tcpcopy.output())
                .contains("packet not sent: Operation not permitted (EPERM)")
                .contains("gets no packets: the kernel refuses them: Operation not permitted (EPERM")
                .contains("[warn] TC201: most is lost at injection: 100 % of packets held back or refused");
    }
}
