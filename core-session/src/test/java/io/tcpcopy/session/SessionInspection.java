package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.session.connection.Session;
import io.tcpcopy.timer.TimerHeap;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** What must hold of every session at any time. */
public final class SessionInspection {
    /** So late a timer may come. */
    private static final long FINEST_TIMER_NS = TimeUnit.MICROSECONDS.toNanos(100);

    private SessionInspection() {}

    /** Checks that every session has a deadline that is to come, unless it waits for another one of its client's address and port to end. */
    public static void check(SessionEngine engine, long nowNs) {
        Set<Session> successors = new HashSet<>();
        engine.forEachSession(session -> {
            successors.add(session.successor());
            if (!successors.contains(session)) {
                assertThat(session.isOver()).as("session in the table is over").isFalse();
                assertThat(session.isScheduled()).as("session has a timer").isTrue();
                assertThat(session.deadlineNs())
                        .as("deadline of a session")
                        .isGreaterThan(nowNs - FINEST_TIMER_NS)
                        .isNotEqualTo(TimerHeap.NEVER);
            }
        });
    }
}
