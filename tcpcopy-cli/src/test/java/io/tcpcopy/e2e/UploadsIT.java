package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.LabHosts.Link;
import java.time.Duration;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Big bodies, as fast as the clients can, reach the target as they were: it has the digest of each. */
class UploadsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    private final Lab lab = new Lab();

    private void assertBodiesArrive(String inject, Consumer<Lab> fault) {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy("--inject", inject);
        fault.accept(lab);
        long requests = 0;
        for (Traffic traffic : new Traffic[] {
            service.traffic("hundred", "--keep-alive", "10", "--requests", "50", "--body", "102400"),
            service.traffic("million", "--keep-alive", "4", "--requests", "10", "--body", "1048576"),
            service.traffic("most", "--short", "4", "--body", "10485760")
        }) {
            traffic.complete().assertCopiedExactly(PATIENCE);
            requests += traffic.sent().size();
        }
        FinalLedger ledger = service.stopCompleteCopying();
        assertThat(ledger.requests().delivered()).isEqualTo(requests);
    }

    @Test
    void bodiesOfAnyLengthArriveAsTheyWere() {
        assertBodiesArrive("auto", network -> {});
    }

    @Tag("long")
    @Test
    void bodiesOfAnyLengthArriveAsTheyWereThroughTheRawSocket() {
        assertBodiesArrive("raw", network -> {});
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"frame", "raw"})
    void bodiesArriveAsTheyWereOverANetworkThatLosesPackets(String inject) {
        assertBodiesArrive(inject, network -> network.lose(Link.TO_TARGET, 1));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(strings = {"frame", "raw"})
    void bodiesArriveAsTheyWereOverANetworkThatReorders(String inject) {
        assertBodiesArrive(inject, network -> network.reorder(Link.TO_TARGET, 1));
    }

    @Tag("long")
    @Test
    void bodiesArriveAsTheyWereWhereResponsesAreLost() {
        assertBodiesArrive("auto", network -> network.lose(Link.TO_ASSISTANT, 1));
    }
}
