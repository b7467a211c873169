package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;
import java.util.concurrent.TimeUnit;

/** A hole in what was captured of the client: waited out for a while, since packets overtake each other. */
final class Gap {
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(10);
    /** A hole above this size is given up sooner, when the target has said something since. */
    private static final int WIDE = 64 << 10;

    private static final long WIDE_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    /** After so long, or this many round trips, a client repeats what was not acknowledged, and sends nothing new before. */
    private static final long REPETITION_LIMIT_NS = TimeUnit.SECONDS.toNanos(3);

    private static final int REPETITION_LIMIT_ROUND_TRIPS = 4;
    /** No client has so much in flight: another connection, or a broken capture. */
    private static final int JUMP = 16 << 20;

    private final Session session;
    private final SessionContext context;

    /** In the time of the clients. */
    private long sinceNs;
    /** The same in the time of the sessions. */
    private long sinceSessionNs;

    Gap(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new target connection: no hole. */
    void begin() {
        sinceNs = NEVER;
    }

    /** Nothing is missing before the next packet. */
    void closed() {
        sinceNs = NEVER;
    }

    /** Whether no client can have so many bytes in flight. */
    static boolean isJump(int bytes) {
        return bytes > JUMP;
    }

    /** Whether a client packet is numbered so far below what was sent that it is of another connection. */
    static boolean isJumpBack(int seq, int sndNxt) {
        return isJump(TcpSeq.distance(seq, sndNxt));
    }

    /**
     * Notes that bytes are missing before the next unsent packet.
     *
     * @return whether they are given up
     */
    boolean isGivenUp(Packet next) {
        if (sinceNs == NEVER) {
            sinceNs = context.clients.nowNs();
            sinceSessionNs = context.nowNs;
        }
        return context.clients.haveEnded() || context.clients.nowNs() >= limitNs(next);
    }

    private long limitNs(Packet next) {
        int size = TcpSeq.distance(session.sndNxt(), next.seq);
        if (isJump(size) && session.inFlight() == 0 || serverHasMissing()) {
            return sinceNs;
        }
        boolean wide = size > WIDE && session.receiving.lastNs() > sinceSessionNs;
        return sinceNs + (wide ? WIDE_LIMIT_NS : LIMIT_NS);
    }

    /**
     * Whether the online server has acknowledged the missing bytes, so that they will not come again: otherwise the client
     * would repeat them, and nothing new would leave it before they are acknowledged (RFC 5681, section 4.3; RFC 6298,
     * section 5).
     */
    private boolean serverHasMissing() {
        long limitNs = Math.max(REPETITION_LIMIT_NS, REPETITION_LIMIT_ROUND_TRIPS * session.rttNs());
        return session.window.last().enteredNs - sinceNs > limitNs;
    }

    long deadlineNs() {
        Packet next = session.window.nextUnsent();
        return sinceNs == NEVER || next == null ? NEVER : context.clients.deadlineNs(limitNs(next), context.nowNs);
    }
}
