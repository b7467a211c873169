package io.tcpcopy.session.base;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import java.util.concurrent.TimeUnit;

/** What there is of sessions now. */
public enum SessionGauge implements Metric {
    LIVE("sessions_live", "Sessions whose connection is being copied."),
    ENDED("sessions_ended", "Sessions that wait out their end."),
    OLDEST_WAITING(
            "oldest_waiting_request_seconds",
            "How long ago what waits longest was captured: clients' payload that the target has not taken; 0 where none waits.",
            TimeUnit.SECONDS.toNanos(1)),
    SHED("sessions_shed", "Connections of clients that are left out now, since not all could be copied."),
    COPIED_OF_100(
            "new_connections_copied_of_100",
            "How many of 100 new connections are copied: less than all under overload."),
    MEMORY(
            "session_memory_bytes",
            "Memory that sessions, their packets, what is left of ended sessions and connections that are left out hold."),
    SLABS("packet_slab_bytes", "Memory outside of the heap that was taken for packets of sessions, in use or not.");

    private final Description description;
    private final long perUnit;

    SessionGauge(String name, String help) {
        this(name, help, 1);
    }

    SessionGauge(String name, String help, long perUnit) {
        description = new Description(name, help);
        this.perUnit = perUnit;
    }

    @Override
    public Description description() {
        return description;
    }

    /** For the one that waits longest all sessions are asked. */
    @Override
    public boolean isCostly() {
        return this == OLDEST_WAITING;
    }

    @Override
    public long perUnit() {
        return perUnit;
    }
}
