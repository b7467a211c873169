package io.tcpcopy.inject.raw;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WatchedTargetTest {
    private static final long START_NS = Long.MAX_VALUE - 5;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final int KEY = 77;

    private final WatchedTarget target = new WatchedTarget(Endpoint.ipv4(0x0A000002, 80), START_NS);

    private void open(long nowNs) {
        target.probe(0b11, nowNs);
        target.probeSeen(0b01);
        target.probeSeen(0b10);
        assertThat(target.isOpen()).isTrue();
    }

    @Test
    void opensWhenAllOfTheProbeWasSeen() {
        assertThat(target.isOpen()).isFalse();
        assertThat(target.isProbeDue(START_NS)).isTrue();

        target.probe(0b11, START_NS);
        assertThat(target.isProbeDue(START_NS + 20 * SECOND_NS)).isFalse();
        target.probeSeen(0b10);
        assertThat(target.isOpen()).isFalse();
        assertThat(target.probeSeen(0b01)).isFalse();

        assertThat(target.isOpen()).isTrue();
        assertThat(target.isWaiting()).isFalse();
    }

    @Test
    void probeThatWasNotSeenIsOverdueAfterASecond() {
        target.probe(0b1, START_NS);

        assertThat(target.isProbeUnseen(START_NS + SECOND_NS - 1)).isFalse();
        assertThat(target.isProbeUnseen(START_NS + SECOND_NS)).isTrue();
    }

    @Test
    void closedTargetIsTriedAgainAfterTenSecondsAndSaysOnceThatItIsClosedAndOnceThatItIsOpen() {
        open(START_NS);
        target.close(START_NS);
        assertThat(target.isOpen()).isFalse();
        assertThat(target.report()).isTrue();

        assertThat(target.isProbeDue(START_NS + 10 * SECOND_NS - 1)).isFalse();
        assertThat(target.isProbeDue(START_NS + 10 * SECOND_NS)).isTrue();
        target.probe(0b1, START_NS + 10 * SECOND_NS);
        target.close(START_NS + 11 * SECOND_NS);
        assertThat(target.report()).isFalse();

        target.probe(0b1, START_NS + 21 * SECOND_NS);
        assertThat(target.probeSeen(0b1)).isTrue();
        assertThat(target.isOpen()).isTrue();
    }

    @Test
    void whatIsSeenOfAProbeAfterTheTargetWasClosedDoesNotOpenIt() {
        target.probe(0b1, START_NS);
        target.close(START_NS);
        target.probeSeen(0b1);

        assertThat(target.isOpen()).isFalse();
    }

    @Test
    void oneCopyASecondIsLookedFor() {
        open(START_NS);
        assertThat(target.wantsLook(START_NS + SECOND_NS - 1)).isFalse();
        assertThat(target.wantsLook(START_NS + SECOND_NS)).isTrue();

        target.lookFor(KEY, START_NS + SECOND_NS);
        assertThat(target.wantsLook(START_NS + 9 * SECOND_NS)).isFalse();
        assertThat(target.isWaiting()).isTrue();

        target.seen(KEY + 1);
        assertThat(target.isWaiting()).isTrue();
        target.seen(KEY);
        assertThat(target.isWaiting()).isFalse();
        assertThat(target.wantsLook(START_NS + 2 * SECOND_NS)).isTrue();
    }

    @Test
    void copyThatWasNotSeenIsFollowedByAProbeWhileCopiesGoOn() {
        open(START_NS);
        target.lookFor(KEY, START_NS);
        assertThat(target.isProbeDue(START_NS + SECOND_NS - 1)).isFalse();
        assertThat(target.isProbeDue(START_NS + SECOND_NS)).isTrue();

        target.probe(0b1, START_NS + SECOND_NS);
        assertThat(target.isOpen()).isTrue();
        assertThat(target.isProbeUnseen(START_NS + 2 * SECOND_NS)).isTrue();
        assertThat(target.probeSeen(0b1)).isFalse();
        assertThat(target.isOpen()).isTrue();
    }

    @Test
    void copyThatMayNotHaveLeftForAKnownReasonIsNotLookedFor() {
        open(START_NS);
        target.lookFor(KEY, START_NS);
        target.forgetLook();

        assertThat(target.isProbeDue(START_NS + 10 * SECOND_NS)).isFalse();
    }

    @Test
    void probeThatCouldNotBeSentChangesNothingAndIsRepeatedAfterASecond() {
        target.probe(0b1, START_NS);
        target.probeUnsent(START_NS);
        assertThat(target.isOpen()).isFalse();
        assertThat(target.isProbeDue(START_NS + SECOND_NS)).isTrue();

        open(START_NS + SECOND_NS);
        target.probe(0b1, START_NS + 2 * SECOND_NS);
        target.probeUnsent(START_NS + 2 * SECOND_NS);
        assertThat(target.isOpen()).isTrue();
    }
}
