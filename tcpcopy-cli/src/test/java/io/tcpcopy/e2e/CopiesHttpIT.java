package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.RequestRecord;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With defaults only, every request reaches the target exactly once, whole and in order. */
class CopiesHttpIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;

    @BeforeEach
    void startCopying() {
        service = new CopiedService(lab);
        service.startCopying();
    }

    private void assertCopied(Traffic traffic) {
        traffic.complete().assertCopiedExactly(PATIENCE);
        FinalLedger ledger = service.stopCompleteCopying();

        long bodyBytes =
                traffic.sent().stream().mapToLong(RequestRecord::bodyLength).sum();
        assertThat(ledger.bytes().delivered()).isGreaterThan(bodyBytes);
        assertThat(ledger.requests().delivered()).isEqualTo(traffic.sent().size());
    }

    @Tag("long")
    @Test
    void shortConnectionsArrive() {
        assertCopied(service.traffic("short", "--short", "1000", "--rate", "500"));
    }

    @Tag("long")
    @Test
    void keepAliveConnectionsArrive() {
        assertCopied(service.traffic("keep-alive", "--keep-alive", "20", "--requests", "100"));
    }

    @Tag("quick")
    @Test
    void shortAndKeepAliveConnectionsArriveTogether() {
        assertCopied(
                service.traffic("both", "--short", "1000", "--rate", "500", "--keep-alive", "20", "--requests", "100"));
    }

    @ParameterizedTest
    @ValueSource(ints = 100 * 1024)
    void bodiesOfRequestsArriveUnaltered(int bytes) {
        // With a pause, or the client is as fast as the machine, and no capture buffer is large enough for that.
        assertCopied(service.traffic(
                "body",
                "--body",
                "" + bytes,
                "--short",
                "100",
                "--rate",
                "100",
                "--keep-alive",
                "5",
                "--requests",
                "20",
                "--pause",
                "20"));
    }

    @Tag("long")
    @ParameterizedTest
    @ValueSource(ints = {1, 1460, 1461, 10 * 1024})
    void bodiesOfOtherLengthsArriveUnaltered(int bytes) {
        bodiesOfRequestsArriveUnaltered(bytes);
    }

    @Test
    void largeResponsesDoNotStallTheCopy() {
        assertCopied(service.traffic(
                "large",
                "--response",
                "65536",
                "--short",
                "200",
                "--rate",
                "200",
                "--keep-alive",
                "10",
                "--requests",
                "50"));
    }
}
