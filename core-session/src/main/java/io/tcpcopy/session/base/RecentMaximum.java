package io.tcpcopy.session.base;

import java.util.concurrent.TimeUnit;

/** The largest of the values of the last second, and of a part of the second before. */
public final class RecentMaximum {
    private static final long SPAN_NS = TimeUnit.SECONDS.toNanos(1);

    private long spanSinceNs;
    private long inThisSpan;
    private long inSpanBefore;

    /** Adds a value. */
    public void add(long value, long nowNs) {
        passTo(nowNs);
        inThisSpan = Math.max(inThisSpan, value);
    }

    /** The maximum, or 0 where nothing was added lately. */
    public long get(long nowNs) {
        passTo(nowNs);
        return Math.max(inThisSpan, inSpanBefore);
    }

    private void passTo(long nowNs) {
        long passedNs = nowNs - spanSinceNs;
        if (passedNs >= SPAN_NS) {
            inSpanBefore = passedNs < 2 * SPAN_NS ? inThisSpan : 0;
            inThisSpan = 0;
            spanSinceNs = nowNs;
        }
    }
}
