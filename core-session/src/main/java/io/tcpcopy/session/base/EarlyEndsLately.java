package io.tcpcopy.session.base;

import java.util.concurrent.TimeUnit;

/**
 * Whether a target has ended a connection lately that its client went on using. It will do so again, and what it has not read by then is
 * lost: the less is under way, the better.
 */
public final class EarlyEndsLately {
    private static final long LATELY_NS = TimeUnit.SECONDS.toNanos(30);

    private boolean any;
    private long lastNs;

    EarlyEndsLately() {}

    /** The target ends a connection early. */
    public void add(long nowNs) {
        any = true;
        lastNs = nowNs;
    }

    /** Whether one did lately. */
    public boolean isAny(long nowNs) {
        return any && nowNs - lastNs < LATELY_NS;
    }
}
