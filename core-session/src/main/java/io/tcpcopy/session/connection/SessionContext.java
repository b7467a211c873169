package io.tcpcopy.session.connection;

import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Histogram;
import io.tcpcopy.session.base.ClientTime;
import io.tcpcopy.session.base.KnownTargets;
import io.tcpcopy.session.base.Pause;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetHandshakes;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.session.emit.PacketWriter;
import io.tcpcopy.session.emit.Transmitter;
import io.tcpcopy.session.ledger.HeldPayload;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.session.window.PacketPart;
import io.tcpcopy.session.window.PacketPool;
import java.util.function.Consumer;

/** What all sessions share. */
public final class SessionContext {
    final Settings settings;
    final Routes routes;
    private final Consumer<RuntimeException> faults;
    final Ledger ledger = new Ledger();
    final HeldPayload held = new HeldPayload();
    final Counters<SessionCounter> counters = new Counters<>(SessionCounter.class);
    final PacketPool pool;
    final Pause pause = new Pause();
    final KnownTargets targets;
    final TargetHandshakes handshakes;
    final ClientTime clientTime;
    final Histogram responseTimes = new Histogram(new Description(
            "response_seconds",
            "How long targets took to answer: from the last byte of a request that was sent to the record of the first payload that"
                    + " answers it, so the way of both and the tunnel are part of it. Not of requests that left before an"
                    + " earlier one was answered."));
    final PacketWriter writer;
    final Transmitter transmitter;
    /** What leaves of a packet: used for one after the other. */
    final PacketPart part = new PacketPart();

    /**
     * What sessions share that have these settings.
     *
     * @param faults hears of each exception that a session ended with: a fault of this program
     */
    public SessionContext(Settings settings, TargetLink link, Routes routes, Consumer<RuntimeException> faults) {
        this.settings = settings;
        this.routes = routes;
        this.faults = faults;
        targets = new KnownTargets(settings);
        handshakes = new TargetHandshakes(targets.size());
        pool = new PacketPool(settings.memoryBudget());
        clientTime = new ClientTime(settings.speedUp());
        writer = new PacketWriter(pool);
        transmitter = new Transmitter(link, counters);
    }

    /** How sessions are replayed. */
    public Settings settings() {
        return settings;
    }

    /** Where routes are announced and withdrawn. */
    public Routes routes() {
        return routes;
    }

    /** A fault of this program has ended a session. */
    public void fault(RuntimeException fault) {
        faults.accept(fault);
    }

    /** What became of the clients' payload. */
    public Ledger ledger() {
        return ledger;
    }

    /** What the windows of all sessions hold. */
    public HeldPayload held() {
        return held;
    }

    /** What else is counted. */
    public Counters<SessionCounter> counters() {
        return counters;
    }

    /** Counts one. */
    public void count(SessionCounter counter) {
        counters.increment(counter);
    }

    /** How long targets took to answer. */
    public Histogram responseTimes() {
        return responseTimes;
    }

    /** The memory of packets. */
    public PacketPool pool() {
        return pool;
    }

    /** Whether an intercept is connected, and the time of the sessions. */
    public Pause pause() {
        return pause;
    }

    /** What is known of each target. */
    public KnownTargets targets() {
        return targets;
    }

    /** How many handshakes are answered. */
    public TargetHandshakes handshakes() {
        return handshakes;
    }

    /** The time of the clients. */
    public ClientTime clientTime() {
        return clientTime;
    }

    /** Sends what no session is left for. */
    public Transmitter transmitter() {
        return transmitter;
    }
}
