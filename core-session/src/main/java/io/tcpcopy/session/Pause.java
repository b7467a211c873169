package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import java.util.concurrent.TimeUnit;

/** While no intercept is connected nothing is sent: sessions wait for one to come back, for a while. */
final class Pause {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(15);

    private boolean on;
    private long limitNs = NEVER;

    void begin(long nowNs) {
        if (!on) {
            on = true;
            limitNs = nowNs + LIMIT_NS;
        }
    }

    void end() {
        on = false;
        limitNs = NEVER;
    }

    boolean isOn() {
        return on;
    }

    /** When sessions have waited for long enough. */
    long deadlineNs() {
        return limitNs;
    }

    /** Whether sessions have just waited for long enough: said once. The pause itself goes on. */
    boolean limitReached(long nowNs) {
        if (limitNs > nowNs) {
            return false;
        }
        limitNs = NEVER;
        return true;
    }
}
