package io.tcpcopy.session.table;

import io.tcpcopy.session.base.KnownTargets;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.timer.TimerHeap;

/** The timers of sessions. None is due while there is no room for its target: nothing could be sent. */
final class SessionTimers {
    private final KnownTargets targets;
    /** By the number of a target. */
    private final TimerHeap[] heaps;

    SessionTimers(KnownTargets targets) {
        this.targets = targets;
        heaps = new TimerHeap[targets.size()];
        for (int i = 0; i < heaps.length; i++) {
            heaps[i] = new TimerHeap();
        }
    }

    /** Sets or moves the deadline of a session. */
    void schedule(Session session, long deadlineNs) {
        heapOf(session).schedule(session, deadlineNs);
    }

    /** The session has no deadline any more. */
    void cancel(Session session) {
        heapOf(session).cancel(session);
    }

    private TimerHeap heapOf(Session session) {
        return heaps[session.target().number()];
    }

    /** The earliest time at which a session may be due, or {@link TimerHeap#NEVER}. */
    long nextDeadlineNs() {
        long earliestNs = TimerHeap.NEVER;
        for (int i = 0; i < heaps.length; i++) {
            if (targets.get(i).isThere()) {
                earliestNs = Math.min(earliestNs, heaps[i].nextDeadlineNs());
            }
        }
        return earliestNs;
    }

    /** Takes out one session that is due; null when none is. */
    Session poll(long nowNs) {
        for (int i = 0; i < heaps.length; i++) {
            Session due = targets.get(i).isThere() ? (Session) heaps[i].poll(nowNs) : null;
            if (due != null) {
                return due;
            }
        }
        return null;
    }
}
