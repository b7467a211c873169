package io.tcpcopy.session.base;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * How many handshakes each target has answered in time, and how many it has not: where the SYN had to be repeated, or the answer took
 * much longer than the quickest one.
 */
public final class TargetHandshakes {
    private static final long MUCH_LONGER_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final long[] quickestNs;
    private final long[] inTime;
    private final long[] notInTime;
    private final long[] late;

    /** For so many targets: none has begun. */
    public TargetHandshakes(int targets) {
        quickestNs = new long[targets];
        Arrays.fill(quickestNs, Long.MAX_VALUE - MUCH_LONGER_NS);
        inTime = new long[targets];
        notInTime = new long[targets];
        late = new long[targets];
    }

    /** A target has answered a SYN that was sent once, after this time. */
    public void answered(KnownTarget target, long elapsedNs) {
        int number = target.number();
        quickestNs[number] = Math.min(quickestNs[number], elapsedNs);
        if (elapsedNs <= quickestNs[number] + MUCH_LONGER_NS) {
            inTime[number]++;
        } else {
            notInTime[number]++;
            late[number]++;
        }
    }

    /** A target has not answered a SYN, which has to be repeated. */
    public void unanswered(KnownTarget target) {
        notInTime[target.number()]++;
    }

    /** A target has answered a SYN that was repeated. */
    public void answeredRepetition(KnownTarget target) {
        late[target.number()]++;
    }

    /** How many were answered in time, by the number of the target. */
    public long inTime(int target) {
        return inTime[target];
    }

    /** How many were not answered in time, by the number of the target. */
    public long notInTime(int target) {
        return notInTime[target];
    }

    /** How many were not answered in time, of all targets. */
    public long notInTime() {
        long sum = 0;
        for (long ofTarget : notInTime) {
            sum += ofTarget;
        }
        return sum;
    }

    /** Of those, how many were answered after all. */
    public long late(int target) {
        return late[target];
    }
}
