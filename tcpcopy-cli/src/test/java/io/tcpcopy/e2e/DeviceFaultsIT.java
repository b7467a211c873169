package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A device of the online host goes down in the middle of copying, and up again. */
class DeviceFaultsIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Opening the device again is tried every 8 s at least. */
    private static final Duration TIME_TO_REOPEN = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    private void setOnlineLink(String device, String state) {
        lab.run(Host.ONLINE, "ip", "link", "set", device, state);
    }

    @Test
    void connectionsOutliveThatTheDeviceToTheTargetIsDown() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();
        Traffic traffic = service.steadyTraffic(5);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        setOnlineLink("back", "down");
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        setOnlineLink("back", "up");

        traffic.complete().assertKeepAliveConnectionsCopiedExactly();
        service.assertCopies("after");
        FinalLedger ledger = service.stopCopying();
        traffic.assertCopiedOrNamed(ledger, 0);
        // The last of the SYNs leaves after 3 s.
        assertThat(ledger.reasons()).isSubsetOf("no answer", "stopped");
        assertThat(tcpcopy.output()).containsPattern("injected packets:\\d+,(.*,)?no route:[1-9]");
    }

    @Test
    void nothingIsLostWhenTheClientsDeviceWasDown() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy("-i", "front");
        Traffic traffic = service.steadyTraffic(3);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        setOnlineLink("front", "down");
        setOnlineLink("front", "up");

        // The clients repeat what they sent meanwhile.
        traffic.complete().assertCopiedExactly(PATIENCE);
        service.stopCompleteCopying();
    }

    @Test
    void aDeviceThatIsRemovedAndMadeAgainIsCapturedOnAgainAndTheOtherOneMeanwhile() {
        CopiedService service = new CopiedService(lab);
        makeTunnelDevice();
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("-i", "front,extra");
        Traffic traffic = service.steadyTraffic(3);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        lab.run(Host.ONLINE, "ip", "link", "delete", "extra");
        tcpcopy.waitForOutput("waiting for the device to come back", PATIENCE);
        makeTunnelDevice();
        tcpcopy.waitForOutput("capturing on extra again", TIME_TO_REOPEN);

        traffic.complete().assertCopiedExactly(PATIENCE);
        service.stopCompleteCopying();
    }

    private void makeTunnelDevice() {
        lab.run(Host.ONLINE, "ip", "tuntap", "add", "extra", "mode", "tun");
        setOnlineLink("extra", "up");
    }
}
