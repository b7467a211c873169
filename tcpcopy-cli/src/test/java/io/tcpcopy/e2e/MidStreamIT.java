package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Copying that starts while connections are running copies what comes after the start. */
class MidStreamIT {

    private static final int CONNECTIONS = 20;
    private static final int REQUESTS = 300;
    /** So many of each connection are left when copying starts, however long that takes on a busy machine. */
    private static final int REQUESTS_LEFT = 50;

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    @Test
    void runningConnectionsAreCopiedFromTheStartOn() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        Traffic traffic = service.traffic(
                "running", "--keep-alive", "" + CONNECTIONS, "--requests", "" + REQUESTS, "--pause", "30");
        Waiting.until(
                "every connection has sent a few requests",
                PATIENCE,
                () -> traffic.arrivedAt(Host.ONLINE).size() >= CONNECTIONS * 10);

        service.startTcpcopy();
        int before = traffic.arrivedAt(Host.ONLINE).size();
        assertThat(before).as("requests before the start").isLessThan(CONNECTIONS * (REQUESTS - REQUESTS_LEFT));
        traffic.complete();

        // What comes last from the clients comes last to the target.
        int after = CONNECTIONS * REQUESTS - before;
        Waiting.holdsWithin(PATIENCE, () -> traffic.arrivedAt(Host.TARGET).size() >= after);
        List<RequestRecord> arrived = traffic.arrivedAt(Host.TARGET);
        assertThat(arrived).hasSizeGreaterThanOrEqualTo(after);
        assertThat(Tally.fromFirstArrivalOn(traffic.sent(), arrived)).matches(Tally::isExact);
        service.stopCopying();
    }
}
