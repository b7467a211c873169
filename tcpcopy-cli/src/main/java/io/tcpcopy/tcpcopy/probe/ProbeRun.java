package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The handshakes, all at the same time on one loop: when the intercepts are connected and the next hops have answered, or that
 * has taken too long, they begin one shortly after the other. Each waits for its answer; with the last one the loop stops.
 */
final class ProbeRun {
    /** An intercept that is there is connected by then, and a next hop that has not answered an ARP request by then is reported. */
    private static final long PREPARATION_NS = TimeUnit.MILLISECONDS.toNanos(1300);
    /** How long an answer is waited for: as long as Linux waits before it sends a SYN again (RFC 6298). */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);
    /** How far apart handshakes begin, so that a burst costs none of them. */
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    /** All have begun after so many intervals, however many they are. */
    private static final int INTERVALS = 100;

    private final EventLoop loop;
    private final PacketSink sink;
    private final List<Tunnel> tunnels;
    private final ProbeParts parts;
    private final List<Handshake> handshakes;
    private final boolean dnat;
    private final ProbeSegments segments;
    private final LoopTimer preparationTimer;
    private final LoopTimer beginTimer;
    private boolean begun;
    private int next;
    private int unfinished;

    /** Handshakes that are not begun, at least one. */
    ProbeRun(ProbeParts parts, Settings settings, List<Handshake> handshakes) {
        this.parts = parts;
        this.handshakes = handshakes;
        loop = parts.loop();
        sink = parts.sink();
        tunnels = parts.tunnels();
        dnat = settings.dnat();
        segments = new ProbeSegments(sink, settings.mss());
        unfinished = handshakes.size();
        preparationTimer = loop.timer(this::beginAll);
        beginTimer = loop.timer(this::beginNext);
        loop.onTurnEnd(this::endTurn);
    }

    /** Begins; the loop has to run until it stops. */
    void start() {
        tunnels.forEach(tunnel -> tunnel.start(this::response, this::forEachRoute));
        preparationTimer.schedule(PREPARATION_NS);
    }

    private void endTurn() {
        flush();
        if (!begun && sink.isReady() && tunnels.stream().allMatch(Tunnel::isTried)) {
            beginAll();
        }
    }

    /** The first handshake has a turn of its own, so that what is said here is no part of its time. */
    private void beginAll() {
        begun = true;
        preparationTimer.cancel();
        sink.started();
        beginTimer.schedule(0);
    }

    /** The routes leave before the packets that they are for. */
    private void flush() {
        tunnels.forEach(tunnel -> tunnel.path().flush());
        sink.flush();
    }

    private void beginNext() {
        int end = Math.min(handshakes.size(), next + (handshakes.size() + INTERVALS - 1) / INTERVALS);
        while (next < end) {
            begin(next++);
        }
        if (next < handshakes.size()) {
            beginTimer.schedule(INTERVAL_NS);
        }
    }

    private void begin(int number) {
        Handshake handshake = handshakes.get(number);
        if (handshake.isFromOwnAddress()) {
            new OwnConnection(loop, parts.network(), handshake, this::finished);
        } else if (addRoute(number)) {
            sendSyn(number);
        } else {
            handshake.end(Outcome.NOT_TRIED, loop.nowNs());
            finished();
        }
    }

    /** Returns whether an intercept is asked for the answer: without one nobody would hear it but who has the address. */
    private boolean addRoute(int number) {
        boolean asked = false;
        for (Tunnel tunnel : tunnels) {
            asked |= tunnel.path().routes().add(number, handshakes.get(number).flow());
        }
        return asked;
    }

    private void sendSyn(int number) {
        Handshake handshake = handshakes.get(number);
        flush();
        handshake.begin(loop.nowNs());
        handshake.left(segments.sendSyn(handshake));
        boolean isHeld = handshake.departure().result().isEmpty();
        if (isHeld || handshake.departure().is(InjectCounter.SENT)) {
            loop.timer(() -> timedOut(number)).schedule(PATIENCE_NS);
        } else {
            handshake.end(Outcome.NOT_SENT, loop.nowNs());
            removeRoute(number);
        }
    }

    private void timedOut(int number) {
        Handshake handshake = handshakes.get(number);
        if (handshake.isUnderWay()) {
            boolean isHeld = !sink.hasRoom(
                    handshake.flow().serverAddress(), handshake.flow().serverPort());
            handshake.end(isHeld ? Outcome.NOT_SENT : Outcome.SILENT, loop.nowNs());
            reset(number);
        }
    }

    /** Ends the connection at the target, of which it may have one that is half-open even where nothing has come back. */
    private void reset(int number) {
        Handshake handshake = handshakes.get(number);
        Departure departure = segments.sendReset(handshake);
        if (handshake.outcome() == Outcome.SILENT && departure.is(InjectCounter.TARGET_CLOSED)) {
            // The SYN was seen to leave this host as something else, so its answer could not come back.
            handshake.left(departure);
            handshake.end(Outcome.NOT_SENT, loop.nowNs());
        }
        removeRoute(number);
    }

    private void removeRoute(int number) {
        tunnels.forEach(tunnel ->
                tunnel.path().routes().remove(number, handshakes.get(number).flow()));
        finished();
    }

    private void finished() {
        unfinished--;
        if (unfinished == 0) {
            loop.stop();
        }
    }

    private void response(ResponseRecord record) {
        for (int number = 0; number < handshakes.size(); number++) {
            if (handshakes.get(number).take(record, dnat, loop.nowNs())) {
                reset(number);
            }
        }
    }

    private void forEachRoute(Routes.Visitor visitor) {
        for (int number = 0; number < handshakes.size(); number++) {
            if (handshakes.get(number).isUnderWay() && !handshakes.get(number).isFromOwnAddress()) {
                visitor.route(number, handshakes.get(number).flow());
            }
        }
    }
}
