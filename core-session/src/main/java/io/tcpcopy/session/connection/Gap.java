package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.base.ClientTime;
import io.tcpcopy.session.base.SequenceJump;
import io.tcpcopy.session.pace.ClientRoundTrip;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;
import java.util.concurrent.TimeUnit;

/** Bytes that are missing before the next packet of the client: waited for, since packets overtake each other. */
final class Gap {
    /** A client that still has the bytes repeats them several times within this (RFC 6298: after 1, 3 and 7 s). */
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
    /** Bytes. A gap above this size is given up sooner, when the target has said something since: more than is reordered. */
    private static final int WIDE = 64 << 10;

    private static final long WIDE_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    /** After so long, or this many round trips, a client repeats what was not acknowledged, and sends nothing new before. */
    private static final long REPETITION_LIMIT_NS = TimeUnit.SECONDS.toNanos(3);

    private static final int REPETITION_LIMIT_ROUND_TRIPS = 4;

    private final Tcb tcb;
    private final SendWindow window;
    private final ClientRoundTrip clientRoundTrip;
    private final ClientTime clientTime;

    /** In the time of the clients; {@link io.tcpcopy.timer.TimerHeap#NEVER} while nothing is missing. */
    private long sinceClientNs;
    /** The same in the time of the sessions. */
    private long sinceNs;

    Gap(Tcb tcb, SendWindow window, ClientRoundTrip clientRoundTrip, ClientTime clientTime) {
        this.tcb = tcb;
        this.window = window;
        this.clientRoundTrip = clientRoundTrip;
        this.clientTime = clientTime;
    }

    /** Nothing is missing before the next packet. */
    void close() {
        sinceClientNs = NEVER;
    }

    /**
     * Notes that bytes are missing before the next unsent packet.
     *
     * @return whether they are given up
     */
    boolean isGivenUp(Packet next, long nowNs) {
        if (sinceClientNs == NEVER) {
            sinceClientNs = clientTime.nowNs();
            sinceNs = nowNs;
        }
        return clientTime.haveEnded() || clientTime.nowNs() >= limitClientNs(next);
    }

    private long limitClientNs(Packet next) {
        int size = TcpSeq.distance(tcb.sndNxt, next.seq());
        if ((SequenceJump.isJump(size) || serverHasMissing(next)) && tcb.inFlight() == 0) {
            return sinceClientNs;
        }
        boolean wide = size > WIDE && tcb.lastResponseNs > sinceNs;
        return sinceClientNs + (wide ? WIDE_LIMIT_NS : LIMIT_NS);
    }

    /**
     * Whether the online server has acknowledged the missing bytes, so that they will not come again: otherwise the client
     * would repeat them, and nothing new would leave it before they are acknowledged (RFC 5681, section 4.3; RFC 6298,
     * section 5).
     */
    private boolean serverHasMissing(Packet next) {
        // Where the copy is late, the client had gone on behind the gap before it was noticed.
        long goneOnNs = Math.min(sinceClientNs, next.clientNs());
        long limitNs = Math.max(REPETITION_LIMIT_NS, REPETITION_LIMIT_ROUND_TRIPS * clientRoundTrip.ns());
        return window.last().clientNs() - goneOnNs > limitNs;
    }

    /** When to look whether the missing bytes are given up. */
    long deadlineNs(long nowNs) {
        Packet next = window.nextUnsent();
        return sinceClientNs == NEVER || next == null ? NEVER : clientTime.deadlineNs(limitClientNs(next), nowNs);
    }
}
