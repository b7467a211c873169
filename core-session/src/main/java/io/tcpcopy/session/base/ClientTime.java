package io.tcpcopy.session.base;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import java.util.concurrent.TimeUnit;

/**
 * The time of the clients, for what depends on what they would have sent by now. Where they are captured now it is that of
 * the sessions. Where a capture is replayed, which may be faster and may have to wait, it is how far that has come.
 */
public final class ClientTime {
    /** How soon to look again whether a capture has come far enough: it may be waiting. */
    private static final long MIN_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    /**
     * A packet moves the time by this at the most, since nothing waits longer for what a client does: so the times in a
     * capture may be whatever they like, and their sum still fits.
     */
    private static final long LONGEST_STEP_NS = TimeUnit.MINUTES.toNanos(5);

    /**
     * When there was no room for more of a capture for so long, none will be as long as sessions wait for what it says next. A
     * target that is merely slow makes some sooner.
     */
    private static final long STALL_NS = TimeUnit.SECONDS.toNanos(10);

    private final int speedUp;
    private long nowNs;
    private boolean begun;
    /** When the latest packet of the capture was captured. */
    private long latestArrivalNs;

    private boolean ended;
    /** Since when there was no room, in the time of the sessions. */
    private long fullSinceNs = NEVER;

    /** The speed-up is {@link Settings#speedUp}. */
    public ClientTime(int speedUp) {
        this.speedUp = speedUp;
    }

    /**
     * A turn of the loop begins, at this time of the sessions.
     *
     * @param hasRoom whether there is room for more of a capture that is replayed
     */
    public void turn(long sessionNs, boolean hasRoom) {
        if (isLive()) {
            nowNs = sessionNs;
        } else if (hasRoom) {
            fullSinceNs = NEVER;
        } else if (fullSinceNs == NEVER) {
            fullSinceNs = sessionNs;
        } else if (sessionNs - fullSinceNs >= STALL_NS) {
            nowNs += sessionNs - fullSinceNs;
            fullSinceNs = sessionNs;
        }
    }

    /** A packet was captured at this time: nothing that was captured before is still to come. */
    public void captured(long arrivalNs) {
        if (isLive()) {
            return;
        }
        long stepNs = begun ? arrivalNs - latestArrivalNs : 0;
        if (!begun || stepNs > 0) {
            begun = true;
            latestArrivalNs = arrivalNs;
            nowNs += Math.min(stepNs, LONGEST_STEP_NS);
        }
    }

    /** A capture begins, or begins again. */
    public void begin() {
        nowNs = 0;
        begun = false;
        ended = false;
    }

    /** The capture has ended: the clients say nothing more. */
    public void end() {
        ended = true;
    }

    /** Whether the clients say nothing more. */
    public boolean haveEnded() {
        return ended;
    }

    /** The time in nanoseconds; it never goes back while a capture lasts. */
    public long nowNs() {
        return nowNs;
    }

    /** The time of a packet that was captured so long ago: many are read together. In a capture that is replayed none waits to be read. */
    public long agoNs(long nanoseconds) {
        return isLive() ? nowNs - nanoseconds : nowNs;
    }

    /** How long something takes in the replay that took a client so long. */
    public long replayedIn(long nanoseconds) {
        return isLive() ? nanoseconds : nanoseconds / speedUp;
    }

    /** When to look whether this time has come, in the time of the sessions. */
    public long deadlineNs(long clientDeadlineNs, long sessionNs) {
        return isLive() ? clientDeadlineNs : sessionNs + Math.max(MIN_WAIT_NS, replayedIn(clientDeadlineNs - nowNs));
    }

    private boolean isLive() {
        return speedUp == Settings.LIVE;
    }
}
