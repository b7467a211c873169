package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Copies leave as Ethernet frames (--pcap-send). */
class FramesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    private HostProcess startTcpcopy(CopiedService service) {
        service.startIntercept();
        return service.startTcpcopy(
                "--pcap-send",
                "-o",
                "back",
                "-x",
                "8080@" + address(Host.ONLINE) + "-" + lab.address("TARGET") + ":8080@" + address(Host.TARGET));
    }

    private String address(Host host) {
        return lab.run(host, "cat", "/sys/class/net/back/address").strip();
    }

    @Test
    void everythingIsCopiedExactly() {
        CopiedService service = new CopiedService(lab);
        startTcpcopy(service);

        service.traffic("mixed", "--short", "300", "--rate", "150", "--keep-alive", "10", "--requests", "50")
                .complete()
                .assertCopiedExactly(PATIENCE);
        // Segments of offloading are longer than a frame.
        service.traffic("body", "--body", "102400", "--keep-alive", "5", "--requests", "20", "--pause", "20")
                .complete()
                .assertCopiedExactly(PATIENCE);
        service.stopCompleteCopying();
    }

    @Tag("long")
    @Test
    void theKernelHasNoPartInItAndTellsNoClientThatTheTargetIsGone() {
        CopiedService service = new CopiedService(lab);
        // By its own routes the kernel would reach nothing.
        lab.run(Host.ONLINE, "nft", """
                table ip closed {
                    chain departures {
                        type filter hook output priority 0
                        tcp dport 8080 drop
                    }
                }""");
        HostProcess tcpcopy = startTcpcopy(service);
        Traffic traffic = service.steadyTraffic(4);
        traffic.waitUntilServed(CopiedService.STEADY_RATE);

        service.disconnectTarget();
        traffic.waitUntilServedMore(CopiedService.STEADY_RATE);
        service.plugTargetIn();

        traffic.complete().assertKeepAliveConnectionsCopiedExactly();
        service.assertCopies("after");
        traffic.assertCopiedOrNamed(service.stopCopying(), 0);
        assertThat(tcpcopy.output()).doesNotContain("next hop silent");
    }
}
