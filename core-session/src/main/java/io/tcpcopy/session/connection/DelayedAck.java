package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.pace.ClientPace;
import io.tcpcopy.session.pace.ClientRoundTrip;
import java.util.concurrent.TimeUnit;

/**
 * When the target's payload is acknowledged, if no packet of the client takes the acknowledgement along (RFC 9293, section
 * 3.8.6.3): a round trip later, as the client on its longer path would have done. A target that sends far more than its client
 * takes online is held back by that: a client that breaks off a download leaves most of it unsent.
 */
final class DelayedAck {
    /** A long download must not crawl: acknowledge after so much, 16 full-sized segments. */
    private static final int MAX_UNACKNOWLEDGED = 16 * Settings.DEFAULT_MSS;
    /** Where the handshake's last ACK was made here, the client's round trip is a guess, and the target's measure is ours. */
    private static final long GUESSED_RTT_LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /** A target that is ahead of the client waits so long, less than it takes to repeat itself (Linux: 200 ms). */
    private static final long AHEAD_NS = TimeUnit.MILLISECONDS.toNanos(150);

    private static final long AT_ONCE = Long.MIN_VALUE;

    private final Tcb tcb;
    private final ClientRoundTrip clientRoundTrip;
    private final ClientPace pace;

    private long sinceNs;
    private long unacknowledged;
    private boolean dueNow;

    DelayedAck(Tcb tcb, ClientRoundTrip clientRoundTrip, ClientPace pace) {
        this.tcb = tcb;
        this.clientRoundTrip = clientRoundTrip;
        this.pace = pace;
    }

    /** Nothing is to be acknowledged: a new target connection, or a packet has left with the acknowledgement. */
    void clear() {
        sinceNs = NEVER;
        unacknowledged = 0;
        dueNow = false;
    }

    /** What the target said needs an answer: the acknowledgement leaves as soon as all is sent that may take it along. */
    void dueNow() {
        dueNow = true;
    }

    /** New payload of the target. */
    void payload(int bytes, long nowNs) {
        unacknowledged += bytes;
        if (sinceNs == NEVER) {
            sinceNs = nowNs;
        }
    }

    /** When the acknowledgement leaves by itself; {@link io.tcpcopy.timer.TimerHeap#NEVER} if there is nothing to acknowledge. */
    long deadlineNs() {
        if (dueNow || unacknowledged >= MAX_UNACKNOWLEDGED && !pace.isTargetAhead()) {
            return AT_ONCE;
        }
        return sinceNs == NEVER ? NEVER : sinceNs + delayNs();
    }

    private long delayNs() {
        long rttNs = clientRoundTrip.ns();
        long delayNs = tcb.handshakeAckMade ? Math.min(rttNs, GUESSED_RTT_LIMIT_NS) : rttNs;
        return pace.isTargetAhead() ? Math.max(delayNs, AHEAD_NS) : delayNs;
    }

    /** Whether an acknowledgement has to leave now. */
    boolean isDue(long nowNs) {
        return deadlineNs() <= nowNs;
    }
}
