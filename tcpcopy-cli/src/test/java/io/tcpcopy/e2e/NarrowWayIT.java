package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The online host's device towards the target takes less than -M says: packets are split to fit, and nothing is lost. */
class NarrowWayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final String HINT = "-M is 1500, but the way to a target takes no more than 1000 bytes";

    @RegisterExtension
    private final Lab lab = new Lab();

    private void narrow() {
        lab.run(Host.ONLINE, "ip", "link", "set", "back", "mtu", "1000");
    }

    private static void assertSaidOnce(HostProcess tcpcopy) {
        assertThat(tcpcopy.output()).containsOnlyOnce(HINT);
    }

    /** 100 KB each, with pauses: what is tested is not how much a busy machine can take. */
    private static Traffic longBodies(CopiedService service) {
        return service.traffic(
                "narrow",
                "--body",
                "102400",
                "--short",
                "20",
                "--rate",
                "10",
                "--keep-alive",
                "3",
                "--requests",
                "20",
                "--pause",
                "100");
    }

    @Test
    void longBodiesArriveWhereTheDeviceIsNarrowFromTheStart() {
        narrow();
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();

        longBodies(service).complete().assertCopiedExactly(PATIENCE);

        service.stopCompleteCopying();
        assertSaidOnce(tcpcopy);
    }

    @Test
    void longBodiesArriveAlthoughTheDeviceGetsNarrowUnderWay() {
        // The tunnel's packets fit from the start: a narrow device receives no longer ones either.
        lab.run(Host.ASSISTANT, "ip", "route", "add", lab.address("ONLINE_BACK"), "dev", "back", "mtu", "1000");
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();

        Traffic traffic = longBodies(service);
        Waiting.until(
                "some requests are copied",
                PATIENCE,
                () -> traffic.arrivedAt(Host.TARGET).size() > 5);
        narrow();
        traffic.complete().assertCopiedExactly(PATIENCE);

        service.stopCompleteCopying();
        assertSaidOnce(tcpcopy);
    }
}
