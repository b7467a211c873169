package io.tcpcopy.session.pace;

import java.util.concurrent.TimeUnit;

/**
 * The client's round trip to the online server: how long a client takes to go on. A mere guess where its handshake was not
 * captured.
 */
public final class ClientRoundTrip {
    /** No round trip is taken for shorter, in nanoseconds: the loop's timers are no finer. */
    public static final long MIN_NS = TimeUnit.MILLISECONDS.toNanos(1);

    /**
     * The longest that is believed. What takes longer was no answer: the packet that was is missing in the capture, or the
     * clock that stamps packets was set. A client repeats its SYN sooner (RFC 6298).
     */
    private static final long LONGEST_NS = TimeUnit.SECONDS.toNanos(3);

    private final long fixedNs;

    private long ns;
    private boolean known;
    private boolean handshakeSeen;
    private long shortestWaitNs;

    /** {@code fixedNs} as in {@link io.tcpcopy.session.base.Settings#fixedRttNs}. */
    public ClientRoundTrip(long fixedNs) {
        this.fixedNs = fixedNs;
    }

    /** A new session whose client's handshake is captured: the round trip can be measured. */
    public void awaitMeasurement() {
        set(fixedNs);
        known = fixedNs != 0;
        handshakeSeen = true;
        shortestWaitNs = 0;
    }

    /** A new session that begins mid-stream; {@code formerNs}: round trip of the session before, or 0. */
    public void guess(long formerNs) {
        set(fixedNs != 0 ? fixedNs : formerNs);
        known = true;
        handshakeSeen = false;
        shortestWaitNs = 0;
    }

    /** Whether there is nothing to measure any more. */
    public boolean isKnown() {
        return known;
    }

    /**
     * A packet has come that answers the server's SYN, or seems to.
     *
     * @param measuredNs since the client's SYN
     * @param replayedNs the same in the replay
     * @param certain whether it is the ACK alone, which a client sends at once
     */
    public void measured(long measuredNs, long replayedNs, boolean certain) {
        if (measuredNs < 0 || measuredNs > LONGEST_NS) {
            guess(0);
            return;
        }
        set(replayedNs);
        known = true;
        shortestWaitNs = certain ? measuredNs / 2 : 0;
    }

    /** The copy lags behind its client: what depends on the round trip waits less from now on. */
    public void halve() {
        set(ns / 2);
    }

    private void set(long newNs) {
        ns = Math.max(MIN_NS, newNs);
    }

    /**
     * A client that goes on sooner after it has sent something has not waited for the answer, in nanoseconds of its time. Half
     * of what was measured: a path may have been slow at first. 0 where it is not known.
     */
    public long shortestWaitNs() {
        return shortestWaitNs;
    }

    /** The round trip in nanoseconds. */
    public long ns() {
        return ns;
    }

    /** Whether client and server are so near each other that it does not help to wait for the end of a response. */
    public boolean isShortest() {
        return handshakeSeen && known && ns <= MIN_NS;
    }
}
