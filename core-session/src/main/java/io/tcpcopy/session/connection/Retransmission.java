package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.base.Deadline;
import io.tcpcopy.session.base.KnownTarget;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;
import java.util.concurrent.TimeUnit;

/**
 * Repeats what the target has not acknowledged: after a timeout, after three duplicate acknowledgements, and packet by
 * packet while an acknowledgement covers a part of what was in flight (RFC 6582). Probes a closed window.
 */
final class Retransmission {
    /** Below Linux's 200 ms (TCP_RTO_MIN): the target is near, and a copy that waits falls behind its client. */
    private static final long MIN_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Far below the 60 s of RFC 6298, section 2.4: the client goes on meanwhile, and what it sends has to be kept. */
    private static final long MAX_TIMEOUT_NS = TimeUnit.SECONDS.toNanos(3);
    /** Windows mostly open by themselves, within the target's own delays; RFC 9293, section 3.8.6.1, leaves it open. */
    private static final long FIRST_PROBE_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long MAX_PROBE_NS = TimeUnit.SECONDS.toNanos(3);
    /** RFC 5681, section 3.2. */
    private static final int DUPLICATES_FOR_FAST_RETRANSMIT = 3;
    /** A new round trip's weight in the smoothed one is 1 / this (RFC 6298, section 2). */
    private static final int SMOOTHING = 8;
    /** A new deviation's weight in the smoothed one is 1 / this (RFC 6298, section 2). */
    private static final int DEVIATION_SMOOTHING = 4;
    /** A target that has had three chances to take what is repeated, and answers, has a reason not to. */
    private static final int TIMEOUTS_IN_VAIN = 3;
    /** How many deviations above the smoothed round trip the timeout is (RFC 6298, section 2). */
    private static final int DEVIATIONS = 4;

    private final Tcb tcb;
    private final SendWindow window;
    private final Output output;
    private final SessionContext context;

    private KnownTarget target;
    private boolean rttKnown;
    private long smoothedRttNs;
    private long rttDeviationNs;
    private boolean timing;
    private int timedSeq;
    private long timedSinceNs;
    private long timeoutNs;
    private long deadlineNs;
    /** Timeouts without an acknowledgement of anything new. */
    private int timeouts;

    private int duplicates;
    private boolean recovering;
    private int recoverSeq;
    private long probeIntervalNs;
    private long probeNs;

    Retransmission(Tcb tcb, SendWindow window, Output output, SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.output = output;
        this.context = context;
    }

    /** A new session with this target. */
    void newSession(KnownTarget newTarget) {
        target = newTarget;
    }

    /** A new target connection. */
    void newConnection(long nowNs) {
        rttKnown = false;
        smoothedRttNs = 0;
        rttDeviationNs = 0;
        timing = false;
        timeoutNs = firstTimeoutNs(nowNs);
        deadlineNs = NEVER;
        timeouts = 0;
        duplicates = 0;
        recovering = false;
        probeNs = NEVER;
    }

    /** A round trip to the target was measured (RFC 6298, section 2). */
    void measured(long rttNs, long nowNs) {
        if (rttKnown) {
            rttDeviationNs += (Math.abs(smoothedRttNs - rttNs) - rttDeviationNs) / DEVIATION_SMOOTHING;
            smoothedRttNs += (rttNs - smoothedRttNs) / SMOOTHING;
        } else {
            rttKnown = true;
            smoothedRttNs = rttNs;
            rttDeviationNs = rttNs / 2;
        }
        target.roundTrips().add(rttNs, nowNs);
        timeoutNs = firstTimeoutNs(nowNs);
    }

    /** The round trip to the target, smoothed, in nanoseconds; 0 where it is not known. */
    long roundTripNs() {
        return smoothedRttNs;
    }

    /** A packet that was repeated is acknowledged so long after it left first: the round trip is not longer. */
    void answeredWithin(long elapsedNs) {
        timeoutNs = Math.min(MAX_TIMEOUT_NS, Math.max(timeoutNs, elapsedNs));
    }

    /**
     * The timeout before any repetition. All sessions share the path to a target and back: what is slow for one of them
     * is waited for by the others, or an overloaded path would be loaded further with repetitions of what is not lost.
     */
    private long firstTimeoutNs(long nowNs) {
        long ownNs = smoothedRttNs + DEVIATIONS * rttDeviationNs;
        long othersNs = 2 * target.roundTrips().get(nowNs);
        return Math.min(MAX_TIMEOUT_NS, Math.max(MIN_TIMEOUT_NS, Math.max(ownNs, othersNs)));
    }

    /** What takes sequence numbers has left for the first time, up to this one. */
    void sent(int endSeq, long nowNs) {
        if (!timing) {
            timing = true;
            timedSeq = endSeq;
            timedSinceNs = nowNs;
        }
        if (deadlineNs == NEVER) {
            deadlineNs = nowNs + timeoutNs;
        }
    }

    /** The target has acknowledged something new: {@link Tcb#sndUna} has moved. */
    void progress(long nowNs) {
        // What was repeated tells no round trip, and leaves the timeout as it is (RFC 6298, section 5, and Karn).
        if (timing && TcpSeq.greaterThanOrEqual(tcb.sndUna, timedSeq)) {
            timing = false;
            measured(nowNs - timedSinceNs, nowNs);
        }
        duplicates = 0;
        timeouts = 0;
        deadlineNs = tcb.inFlight() > 0 ? nowNs + timeoutNs : NEVER;
        if (recovering) {
            context.count(SessionCounter.PROGRESS_AFTER_RETRANSMISSION);
            recovering = TcpSeq.lessThan(tcb.sndUna, recoverSeq);
            if (recovering) {
                repeatFirst();
            }
        }
    }

    /** The target has repeated its acknowledgement without saying anything else. */
    void duplicateAck() {
        duplicates++;
        if (duplicates == DUPLICATES_FOR_FAST_RETRANSMIT && !recovering) {
            recover();
        }
    }

    private int recover() {
        recovering = true;
        recoverSeq = tcb.sndNxt;
        return repeatFirst();
    }

    /** Repeats what is in flight, one segment of it, or where nothing is, says what is acknowledged. */
    void repeatOrAck() {
        if (tcb.inFlight() > 0 && !context.pause.isOn()) {
            repeatFirst();
        } else {
            output.ack();
        }
    }

    /** Repeats one segment, from the first byte on that is not acknowledged; returns how many bytes of payload it has. */
    private int repeatFirst() {
        timing = false;
        context.count(SessionCounter.RETRANSMITTED);
        Packet packet = window.first();
        while (TcpSeq.lessThanOrEqual(packet.end(), tcb.sndUna)) {
            packet = packet.next();
        }
        int seq = TcpSeq.max(packet.seq(), tcb.sndUna);
        return output.sendAgain(packet, seq, TcpSeq.distance(seq, TcpSeq.min(packet.payloadEnd(), tcb.sndNxt)));
    }

    /** Payload waits with nothing in flight, and the target's window is closed. */
    void windowClosed(long nowNs) {
        if (probeNs == NEVER) {
            probeIntervalNs = FIRST_PROBE_NS;
            probeNs = nowNs + probeIntervalNs;
        }
    }

    /** The target's window is open. */
    void windowOpen() {
        probeNs = NEVER;
    }

    /** For so long nothing could leave: answers come later. */
    void postpone(long durationNs) {
        timedSinceNs += durationNs;
        deadlineNs = Deadline.later(deadlineNs, durationNs);
        probeNs = Deadline.later(probeNs, durationNs);
    }

    private void countInVain(int payloadLength) {
        if (isInVain() && payloadLength > 0) {
            boolean isLong = payloadLength > SessionCounter.LONG_SEGMENT;
            context.count(isLong ? SessionCounter.REPEATED_IN_VAIN_LONG : SessionCounter.REPEATED_IN_VAIN_SHORT);
        }
    }

    /** Whether the target has not taken what was repeated again and again. */
    boolean isInVain() {
        return timeouts >= TIMEOUTS_IN_VAIN;
    }

    /** When something is to be repeated, or the window probed. */
    long deadlineNs() {
        return Math.min(deadlineNs, probeNs);
    }

    /** Repeats, and probes, what is due. */
    void dispatch(long nowNs) {
        if (deadlineNs <= nowNs) {
            timeouts++;
            timeoutNs = Math.min(MAX_TIMEOUT_NS, 2 * timeoutNs);
            deadlineNs = nowNs + timeoutNs;
            output.renewRoute(nowNs);
            countInVain(recover());
        }
        if (probeNs <= nowNs) {
            probeIntervalNs = Math.min(MAX_PROBE_NS, 2 * probeIntervalNs);
            probeNs = nowNs + probeIntervalNs;
            context.count(SessionCounter.WINDOW_PROBES);
            output.renewRoute(nowNs);
            output.windowProbe();
        }
    }
}
