package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.session.base.Settings;
import java.util.concurrent.TimeUnit;

/**
 * When the target's payload is acknowledged, if no packet of the client takes the acknowledgement along (RFC 9293, section
 * 3.8.6.3): a round trip later, as the client on its longer path would have done.
 */
final class DelayedAck {
    /** A long download must not crawl: acknowledge after so much, 16 full-sized segments. */
    private static final int MAX_UNACKNOWLEDGED = 16 * Settings.DEFAULT_MSS;
    /** Where the handshake's last ACK was made here, the client's round trip is a guess, and the target's measure is ours. */
    private static final long GUESSED_RTT_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final Tcb tcb;
    private final ClientRoundTrip clientRoundTrip;

    private long deadlineNs;
    private long unacknowledged;

    DelayedAck(Tcb tcb, ClientRoundTrip clientRoundTrip) {
        this.tcb = tcb;
        this.clientRoundTrip = clientRoundTrip;
    }

    /** Nothing is to be acknowledged: a new target connection, or a packet has left with the acknowledgement. */
    void clear() {
        deadlineNs = NEVER;
        unacknowledged = 0;
    }

    /** New payload of the target. */
    void payload(int bytes, long nowNs) {
        unacknowledged += bytes;
        if (deadlineNs == NEVER) {
            long rttNs = clientRoundTrip.ns();
            deadlineNs = nowNs + (tcb.handshakeAckMade ? Math.min(rttNs, GUESSED_RTT_LIMIT_NS) : rttNs);
        }
    }

    /** When the acknowledgement leaves by itself. */
    long deadlineNs() {
        return deadlineNs;
    }

    /** Whether an acknowledgement has to leave now. */
    boolean isDue(long nowNs) {
        return deadlineNs <= nowNs || unacknowledged >= MAX_UNACKNOWLEDGED;
    }
}
