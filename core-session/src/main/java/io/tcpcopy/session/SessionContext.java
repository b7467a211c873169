package io.tcpcopy.session;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.timer.TimerHeap;
import java.util.concurrent.TimeUnit;

/** What all sessions share. */
final class SessionContext {
    /** A deadline that never comes. */
    static final long NEVER = TimerHeap.NEVER;
    /** No round trip is taken for shorter: the loop's timers are no finer. */
    static final long MIN_RTT_NS = TimeUnit.MILLISECONDS.toNanos(1);

    final Settings settings;
    final Routes routes;
    final Ledger ledger = new Ledger();
    final HeldPayload held = new HeldPayload();
    final Counters<SessionCounter> counters = new Counters<>(SessionCounter.class);
    final PacketPool pool;
    final Pause pause = new Pause();
    final ClientTime clients;
    /** Round trips to the targets of all sessions. */
    final RecentMaximum targetRtts = new RecentMaximum();

    final TargetSegments segments;

    /** The longest packet that may leave for a target, in bytes: {@link Settings#mtu}, or less where the way is narrower. */
    int mtu;
    /** The time of this turn of the loop for the sessions, in nanoseconds. */
    long nowNs;

    SessionContext(Settings settings, TargetLink link, Routes routes) {
        this.settings = settings;
        this.routes = routes;
        this.pool = new PacketPool(settings.memoryBudget());
        this.mtu = settings.mtu();
        this.clients = new ClientTime(settings.speedUp());
        this.segments = new TargetSegments(this, link);
    }

    void count(SessionCounter counter) {
        counters.increment(counter);
    }
}
