package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.diagnosis.SymptomWatch;
import java.util.concurrent.TimeUnit;

/**
 * Whether a leg of the copy was broken of late, so that nothing was answered: handshakes of that time are given up for so long, and stand
 * in numbers that are looked at together. They tell nothing of the target.
 */
final class RecentOutage {
    /** Until the last SYN of that time is given up. */
    private static final long GIVEN_UP_NS = TimeUnit.SECONDS.toNanos(6);

    private static final int LOOKS = SymptomWatch.MAX_LOOKS + (int) (GIVEN_UP_NS / SymptomWatch.INTERVAL_NS);

    private int looksLeft;

    /** Another look: whether nothing is answered now. */
    void look(boolean isOut) {
        looksLeft = isOut ? LOOKS : Math.max(0, looksLeft - 1);
    }

    /** Whether nothing was answered then, or in one of the looks before. */
    boolean isRecent() {
        return looksLeft > 0;
    }
}
