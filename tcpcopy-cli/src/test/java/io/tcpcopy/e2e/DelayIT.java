package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.LabHosts.Link;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Clients and targets that are far away are copied as near ones are, and the copy keeps pace. */
class DelayIT {

    private static final Duration ONE_WAY = Duration.ofMillis(50);

    /** Many round trips, but less than the 5 s that a copy waits for what does not come. */
    private static final Duration A_FEW_ROUND_TRIPS = Duration.ofSeconds(3);

    @RegisterExtension
    private final Lab lab = new Lab();

    /** Copies what clients of all kinds do over links with a delay. */
    private void assertCopied(Link... links) {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy();
        Stream.of(links).forEach(link -> lab.delay(link, ONE_WAY));

        List<Traffic> all = List.of(
                service.traffic("one-by-one", "--keep-alive", "20", "--requests", "20"),
                service.traffic("pipelined", "--keep-alive", "10", "--requests", "160", "--at-once", "16"),
                service.traffic("connections", "--short", "1000", "--rate", "400", "--response", "3000"),
                service.traffic("uploads", "--keep-alive", "5", "--requests", "4", "--body", "200000"));
        all.forEach(Traffic::complete);
        all.forEach(traffic -> traffic.assertCopiedExactly(A_FEW_ROUND_TRIPS));

        assertThat(lab.status()).containsPattern("50 ms delay, packets [1-9]").doesNotContain("lost by the lab");
        service.stopCompleteCopying();
    }

    @Tag("long")
    @Test
    void farClientsOfANearTargetAreCopied() {
        assertCopied(Link.FRONT);
    }

    @Tag("long")
    @Test
    void nearClientsOfAFarTargetAreCopied() {
        assertCopied(Link.TO_TARGET, Link.TO_ASSISTANT);
    }

    @Test
    void farClientsOfAFarTargetAreCopied() {
        assertCopied(Link.FRONT, Link.TO_TARGET, Link.TO_ASSISTANT);
    }
}
