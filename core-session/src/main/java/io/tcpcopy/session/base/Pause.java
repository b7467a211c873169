package io.tcpcopy.session.base;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import java.util.concurrent.TimeUnit;

/**
 * While no intercept is connected nothing is sent, and for the sessions time stands still: they wait for an intercept to
 * come back, for a while.
 */
public final class Pause {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(15);

    private boolean on;
    /** When the sessions' time began to stand still; {@link io.tcpcopy.timer.TimerHeap#NEVER} while it passes. */
    private long stoppedAtNs = NEVER;
    /** For how long it has stood still, in former pauses. */
    private long stoppedNs;

    /** No intercept is connected any more; nothing happens if that is known. */
    public void begin(long loopNs) {
        if (!on) {
            on = true;
            stoppedAtNs = loopNs;
        }
    }

    /** An intercept is connected again. */
    public void end(long loopNs) {
        on = false;
        letTimePass(loopNs);
    }

    /** Whether no intercept is connected. */
    public boolean isOn() {
        return on;
    }

    /** The time for the sessions at a time of the loop. */
    public long sessionNs(long loopNs) {
        return (stoppedAtNs == NEVER ? loopNs : stoppedAtNs) - stoppedNs;
    }

    /** When something is due in the loop's time: what the sessions want, or that they have waited for long enough. */
    public long deadlineNs(long sessionDeadlineNs) {
        if (stoppedAtNs != NEVER) {
            return stoppedAtNs + LIMIT_NS;
        }
        return sessionDeadlineNs == NEVER ? NEVER : sessionDeadlineNs + stoppedNs;
    }

    /** Whether sessions have just waited for long enough: said once. The pause itself goes on, and so does time. */
    public boolean limitReached(long loopNs) {
        if (stoppedAtNs == NEVER || loopNs - stoppedAtNs < LIMIT_NS) {
            return false;
        }
        letTimePass(loopNs);
        return true;
    }

    private void letTimePass(long loopNs) {
        if (stoppedAtNs != NEVER) {
            stoppedNs += loopNs - stoppedAtNs;
            stoppedAtNs = NEVER;
        }
    }
}
