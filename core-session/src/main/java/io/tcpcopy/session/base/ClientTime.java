package io.tcpcopy.session.base;

import java.util.concurrent.TimeUnit;

/**
 * The time of the clients, for what depends on what they would have sent by now. Where they are captured now it is that of
 * the sessions. Where a capture is replayed, which may be faster and may have to wait, it is how far that has come.
 */
public final class ClientTime {
    /** How soon to look again whether a capture has come far enough: it may be waiting. */
    private static final long MIN_WAIT_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final int speedUp;
    private long nowNs;
    private boolean ended;

    /** The speed-up is {@link Settings#speedUp}. */
    public ClientTime(int speedUp) {
        this.speedUp = speedUp;
    }

    /** A turn of the loop begins, at this time of the sessions. */
    public void turn(long sessionNs) {
        if (isLive()) {
            nowNs = sessionNs;
        }
    }

    /** A packet was captured at this time: nothing that was captured before is still to come. */
    public void captured(long arrivalNs) {
        if (!isLive()) {
            nowNs = Math.max(nowNs, arrivalNs);
        }
    }

    /** A capture begins, or begins again. */
    public void begin() {
        nowNs = 0;
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
