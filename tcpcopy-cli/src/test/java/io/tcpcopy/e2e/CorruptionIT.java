package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.LabHosts.Link;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A network that turns bits alters no request, loses none and doubles none: no TCP believes such a packet. */
class CorruptionIT {

    /** Retransmissions back off to 3 s. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    private final Lab lab = new Lab();

    @Test
    void packetsOfClientsWithATurnedBitAlterNoRequest() {
        packetsWithATurnedBitAlterNoRequest(Link.FRONT);
    }

    @Tag("long")
    @Test
    void responsesWithATurnedBitAlterNoRequest() {
        packetsWithATurnedBitAlterNoRequest(Link.TO_ASSISTANT);
    }

    private void packetsWithATurnedBitAlterNoRequest(Link link) {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy();
        service.expectDamagedPackets();
        lab.corrupt(link, 5);

        // Short responses alone: intercept has those as a whole, and can tell whether they are damaged.
        List<Traffic> all = List.of(
                service.traffic(
                        "small",
                        "--short",
                        "500",
                        "--rate",
                        "250",
                        "--keep-alive",
                        "20",
                        "--requests",
                        "50",
                        "--pause",
                        "10"),
                service.traffic("large", "--keep-alive", "5", "--requests", "20", "--body", "20000"));
        all.forEach(Traffic::complete);
        all.forEach(traffic -> traffic.assertCopiedExactly(PATIENCE));

        assertThat(lab.status()).containsPattern("5 % corrupt, packets [1-9]").doesNotContain("lost by the lab");
        FinalLedger ledger = service.stopCompleteCopying();
        assertThat(ledger.requests().delivered())
                .isEqualTo(
                        all.stream().mapToLong(traffic -> traffic.sent().size()).sum());
    }

    @Tag("long")
    @Test
    void copiedPacketsWithATurnedBitAlterNoRequest() {
        packetsWithATurnedBitAlterNoRequest(Link.TO_TARGET);
    }
}
