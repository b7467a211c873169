package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.LabHosts.Link;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
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
        service.startCopying();
    }

    private void assertNothingIsLost(String fault) {
        Traffic traffic =
                service.traffic("loss", "--short", "1000", "--rate", "500", "--keep-alive", "20", "--requests", "100");
        traffic.complete().assertCopiedExactly(PATIENCE);

        assertThat(lab.status()).containsPattern("1 % " + fault + ", packets [1-9]");
        assertThat(service.stopCopying().requests().delivered())
                .isEqualTo(traffic.sent().size());
    }

    @ParameterizedTest
    @EnumSource
    void onePercentOfPacketsLostLosesNoRequest(Link link) {
        lab.lose(link, 1);
        assertNothingIsLost("lost");
    }

    @Test
    void onePercentOfPacketsOutOfOrderLosesNoRequest() {
        lab.reorder(1);
        assertNothingIsLost("late");
    }

    @Test
    void onePercentOfPacketsTwiceDoublesNoRequest() {
        lab.repeat(1);
        assertNothingIsLost("doubled");
    }
}
