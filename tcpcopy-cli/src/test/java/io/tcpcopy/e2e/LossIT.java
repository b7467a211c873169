package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.LabHosts.Link;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A bad network between the hosts loses and doubles no request. */
class LossIT {

    /** Retransmissions back off to 3 s, and connections wait for each other's ports. */
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;

    @BeforeEach
    void startCopying() {
        service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy();
    }

    private void assertNothingIsLost(String fault, String... load) {
        Traffic traffic = service.traffic("loss", load);
        traffic.complete().assertCopiedExactly(PATIENCE);

        assertThat(lab.status()).containsPattern(fault + ", packets [1-9]");
        FinalLedger ledger = service.stopCompleteCopying();
        assertThat(ledger.requests().delivered()).isEqualTo(traffic.sent().size());
    }

    private void assertNothingIsLost(String fault) {
        assertNothingIsLost(
                fault, "--short", "500", "--rate", "250", "--keep-alive", "20", "--requests", "50", "--pause", "10");
    }

    @ParameterizedTest
    @EnumSource(names = {"TO_TARGET", "TO_ASSISTANT"})
    void lostPacketsLoseNoRequest(Link link) {
        lab.lose(link, 1);
        assertNothingIsLost("1 % lost");
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(names = {"TO_TARGET", "TO_ASSISTANT"})
    void manyLostPacketsLoseNoRequest(Link link) {
        lab.lose(link, 5);
        assertNothingIsLost("5 % lost");
    }

    @ParameterizedTest
    @EnumSource(names = "TO_TARGET")
    void packetsOutOfOrderLoseNoRequest(Link link) {
        lab.reorder(link, 1);
        assertNothingIsLost("1 % late");
    }

    @Tag("long")
    @Test
    void responsesOutOfOrderLoseNoRequest() {
        packetsOutOfOrderLoseNoRequest(Link.TO_ASSISTANT);
    }

    @ParameterizedTest
    @EnumSource(names = "TO_ASSISTANT")
    void packetsThatComeTwiceDoubleNoRequest(Link link) {
        lab.repeat(link, 1);
        assertNothingIsLost("1 % doubled");
    }

    @Test
    void clientsPacketsThatComeTwiceDoubleNoRequest() {
        lab.repeat(Link.FRONT, 10);
        assertNothingIsLost("10 % doubled", "--short", "1500", "--rate", "400");
    }

    @Tag("long")
    @Test
    void copiedPacketsThatComeTwiceDoubleNoRequest() {
        packetsThatComeTwiceDoubleNoRequest(Link.TO_TARGET);
    }

    @ParameterizedTest
    @EnumSource(names = {"TO_TARGET", "TO_ASSISTANT"})
    void lostPacketsLoseNothingOfLargeRequestsAndResponses(Link link) {
        lab.lose(link, 1);
        assertNothingIsLost(
                "1 % lost",
                "--keep-alive", "10", "--requests", "20", "--pause", "50", "--body", "102400", "--response", "65536");
    }
}
