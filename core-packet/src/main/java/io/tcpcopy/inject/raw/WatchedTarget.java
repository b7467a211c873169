package io.tcpcopy.inject.raw;

import io.tcpcopy.flow.Endpoint;
import java.util.concurrent.TimeUnit;

/**
 * What is known of how packets for one target leave. It is closed until a probe was seen to leave as it is, and again when
 * something else is seen, until the next probe.
 */
final class WatchedTarget {
    /** After which time a packet that was not seen to leave does not do so any more: a device's queue is left long before. */
    private static final long UNSEEN_NS = TimeUnit.SECONDS.toNanos(1);

    /** How often a copy is looked at. */
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);
    /** How long a target is closed before the next probe. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);
    /** The same where a probe could not be sent. */
    private static final long RESEND_NS = TimeUnit.SECONDS.toNanos(1);

    private enum State {
        /** Nothing leaves. */
        CLOSED,
        /** Nothing leaves, and a probe is under way. */
        PROBED,
        /** Packets leave. */
        OPEN,
        /** Packets leave, but one was not seen: a probe is under way. */
        DOUBTED
    }

    private final Endpoint target;
    private State state = State.CLOSED;
    private long probeDueNs;
    private long probedNs;
    private int stepsToSee;
    /** The copy that is looked for, if one is. */
    private long lookedForKey;

    private boolean looksFor;
    private long lastLookNs;
    /** Whether it was said that it is closed. */
    private boolean reported;

    /** A target whose first probe is due. */
    WatchedTarget(Endpoint target, long nowNs) {
        this.target = target;
        probeDueNs = nowNs;
        lastLookNs = nowNs;
    }

    Endpoint target() {
        return target;
    }

    boolean isOpen() {
        return state == State.OPEN || state == State.DOUBTED;
    }

    /** Whether something is to come after a while: a packet that is to be seen, or a probe. */
    boolean isWaiting() {
        return state != State.OPEN || looksFor;
    }

    /** Whether a probe is to leave. */
    boolean isProbeDue(long nowNs) {
        return switch (state) {
            case CLOSED -> nowNs - probeDueNs >= 0;
            case OPEN -> looksFor && nowNs - lastLookNs >= UNSEEN_NS;
            case PROBED, DOUBTED -> false;
        };
    }

    /** A probe leaves. */
    void probe(int steps, long nowNs) {
        state = isOpen() ? State.DOUBTED : State.PROBED;
        looksFor = false;
        stepsToSee = steps;
        probedNs = nowNs;
    }

    /** Whether the probe that is under way was not seen, or not all of it. */
    boolean isProbeUnseen(long nowNs) {
        boolean underWay = state == State.PROBED || state == State.DOUBTED;
        return underWay && nowNs - probedNs >= UNSEEN_NS;
    }

    /**
     * A packet of the probe has left as it is.
     *
     * @return whether this opens a target that was said to be closed
     */
    boolean probeSeen(int step) {
        stepsToSee &= ~step;
        if (stepsToSee != 0 || state == State.CLOSED) {
            return false;
        }
        state = State.OPEN;
        boolean again = reported;
        reported = false;
        return again;
    }

    /** The probe could not be sent, which shows nothing of how packets leave. */
    void probeUnsent(long nowNs) {
        state = isOpen() ? State.OPEN : State.CLOSED;
        probeDueNs = nowNs + RESEND_NS;
    }

    /** Whether the next copy is to be looked for. */
    boolean wantsLook(long nowNs) {
        return state == State.OPEN && !looksFor && nowNs - lastLookNs >= LOOK_NS;
    }

    /** A copy leaves that is looked for. */
    void lookFor(long key, long nowNs) {
        lookedForKey = key;
        looksFor = true;
        lastLookNs = nowNs;
    }

    /** A copy has left as it is. */
    void seen(long key) {
        looksFor &= key != lookedForKey;
    }

    /** The copy that is looked for may not have left, for a reason that is known. */
    void forgetLook() {
        looksFor = false;
    }

    /** Something else than what was sent has left, or nothing. */
    void close(long nowNs) {
        state = State.CLOSED;
        looksFor = false;
        probeDueNs = nowNs + RETRY_NS;
    }

    /** Whether it is to be said that the target is closed: once. */
    boolean report() {
        boolean first = !reported;
        reported = true;
        return first;
    }
}
