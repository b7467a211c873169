package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What must hold of every session at any time. */
public final class SessionInspection {
    /** So late a timer may come. */
    private static final long FINEST_TIMER_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private SessionInspection() {}

    /** Checks that every session has a deadline that is to come, unless it waits for another one of its pair to end. */
    public static void check(Replay replay, long nowNs) {
        Set<Session> successors = new HashSet<>();
        replay.forEachSession(session -> {
            successors.add(session.successor());
            if (!successors.contains(session)) {
                assertThat(session.isOver()).as("session in the table is over").isFalse();
                assertThat(session.nextDeadlineNs())
                        .as("deadline of a session")
                        .isGreaterThan(nowNs - FINEST_TIMER_NS)
                        .isNotEqualTo(SessionContext.NEVER);
            }
        });
    }
}
