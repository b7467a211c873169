package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;
import java.util.concurrent.TimeUnit;

/**
 * Repeats what the target has not acknowledged: after a timeout, after three duplicate acknowledgements, and packet by
 * packet while an acknowledgement covers a part of what was in flight (RFC 6582). Probes a closed window.
 */
final class Retransmission {
    private static final long MIN_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MAX_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(3);
    private static final long FIRST_PROBE_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long MAX_PROBE_NS = TimeUnit.SECONDS.toNanos(3);
    private static final int DUPLICATES_FOR_FAST_RETRANSMIT = 3;
    /** A new round trip's weight in the smoothed one is 1 / this (RFC 6298, section 2). */
    private static final int SMOOTHING = 8;
    /** A new deviation's weight in the smoothed one is 1 / this (RFC 6298, section 2). */
    private static final int DEVIATION_SMOOTHING = 4;
    /** How many deviations above the smoothed round trip the timeout is (RFC 6298, section 2). */
    private static final int DEVIATIONS = 4;

    private final Session session;
    private final SessionContext context;

    private boolean rttKnown;
    private long smoothedRttNs;
    private long rttDeviationNs;
    private boolean timing;
    private int timedNumber;
    private long timedSinceNs;
    private long timeoutNs;
    private long deadlineNs;
    private int duplicates;
    private boolean recovering;
    private int recoverNumber;
    private long probeIntervalNs;
    private long probeNs;

    Retransmission(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new target connection. */
    void begin() {
        rttKnown = false;
        smoothedRttNs = 0;
        rttDeviationNs = 0;
        timing = false;
        timeoutNs = firstTimeoutNs();
        deadlineNs = NEVER;
        duplicates = 0;
        recovering = false;
        probeNs = NEVER;
    }

    /** A round trip to the target was measured (RFC 6298, section 2). */
    void measured(long rttNs) {
        if (rttKnown) {
            rttDeviationNs += (Math.abs(smoothedRttNs - rttNs) - rttDeviationNs) / DEVIATION_SMOOTHING;
            smoothedRttNs += (rttNs - smoothedRttNs) / SMOOTHING;
        } else {
            rttKnown = true;
            smoothedRttNs = rttNs;
            rttDeviationNs = rttNs / 2;
        }
        context.targetRtts.add(rttNs, context.nowNs);
        timeoutNs = firstTimeoutNs();
    }

    /** A packet that was repeated is acknowledged so long after it left first: the round trip is not longer. */
    void answeredWithin(long elapsedNs) {
        timeoutNs = Math.min(MAX_TIMEOUT_NS, Math.max(timeoutNs, elapsedNs));
    }

    /**
     * The timeout before any repetition. All sessions share the way to the targets and back: what is slow for one of them
     * is waited for by the others, or an overloaded way would be loaded further with repetitions of what is not lost.
     */
    private long firstTimeoutNs() {
        long ownNs = smoothedRttNs + DEVIATIONS * rttDeviationNs;
        long othersNs = 2 * context.targetRtts.get(context.nowNs);
        return Math.min(MAX_TIMEOUT_NS, Math.max(MIN_TIMEOUT_NS, Math.max(ownNs, othersNs)));
    }

    /** A packet that takes sequence numbers has left for the first time. */
    void sent(Packet packet) {
        if (!timing) {
            timing = true;
            timedNumber = packet.end();
            timedSinceNs = context.nowNs;
        }
        if (deadlineNs == NEVER) {
            deadlineNs = context.nowNs + timeoutNs;
        }
    }

    /** The target has acknowledged something new; {@code session.sndUna()} has moved. */
    void progress() {
        // What was repeated tells no round trip, and leaves the timeout as it is (RFC 6298, section 5, and Karn).
        if (timing && TcpSeq.greaterThanOrEqual(session.sndUna(), timedNumber)) {
            timing = false;
            measured(context.nowNs - timedSinceNs);
        }
        duplicates = 0;
        deadlineNs = session.inFlight() > 0 ? context.nowNs + timeoutNs : NEVER;
        if (recovering) {
            context.count(SessionCounter.PROGRESS_AFTER_RETRANSMISSION);
            recovering = TcpSeq.lessThan(session.sndUna(), recoverNumber);
            if (recovering) {
                repeatFirst();
            }
        }
    }

    /** The target has repeated its acknowledgement without saying anything else. */
    void duplicate() {
        duplicates++;
        if (duplicates == DUPLICATES_FOR_FAST_RETRANSMIT && !recovering) {
            recover();
        }
    }

    private void recover() {
        recovering = true;
        recoverNumber = session.sndNxt();
        repeatFirst();
    }

    private void repeatFirst() {
        timing = false;
        context.count(SessionCounter.RETRANSMITTED);
        context.segments.send(session, session.window.firstToRepeat(session));
    }

    /** Payload waits with nothing in flight, and the target's window is closed. */
    void heldByWindow() {
        if (probeNs == NEVER) {
            probeIntervalNs = FIRST_PROBE_NS;
            probeNs = context.nowNs + probeIntervalNs;
        }
    }

    /** The target's window is open. */
    void windowOpen() {
        probeNs = NEVER;
    }

    long deadlineNs() {
        return Math.min(deadlineNs, probeNs);
    }

    void due() {
        if (deadlineNs <= context.nowNs) {
            timeoutNs = Math.min(MAX_TIMEOUT_NS, 2 * timeoutNs);
            deadlineNs = context.nowNs + timeoutNs;
            recover();
        }
        if (probeNs <= context.nowNs) {
            probeIntervalNs = Math.min(MAX_PROBE_NS, 2 * probeIntervalNs);
            probeNs = context.nowNs + probeIntervalNs;
            context.count(SessionCounter.WINDOW_PROBES);
            context.segments.sendAck(session, session.sndNxt() - 1);
        }
    }
}
