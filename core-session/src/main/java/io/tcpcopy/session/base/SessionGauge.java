package io.tcpcopy.session.base;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What there is of sessions now. */
public enum SessionGauge implements Metric {
    LIVE("sessions_live", "Sessions whose connection is being copied."),
    ENDED("sessions_ended", "Sessions that wait out their end."),
    SHED("sessions_shed", "Connections of clients that are left out now, since not all could be copied."),
    COPIED_OF_100(
            "new_connections_copied_of_100",
            "How many of 100 new connections are copied: less than all under overload."),
    MEMORY(
            "session_memory_bytes",
            "Memory that sessions, their packets, what is left of ended sessions and connections that are left out hold."),
    SLABS("packet_slab_bytes", "Memory outside of the heap that was taken for packets of sessions, in use or not.");

    private final Description description;

    SessionGauge(String name, String help) {
        description = new Description(name, help);
    }

    @Override
    public Description description() {
        return description;
    }
}
