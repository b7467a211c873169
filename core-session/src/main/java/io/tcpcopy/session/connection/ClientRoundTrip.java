package io.tcpcopy.session.connection;

import static io.tcpcopy.session.connection.SessionContext.MIN_RTT_NS;

/**
 * The client's round trip to the online server: how long a client takes to go on. A mere guess where its handshake was not
 * captured.
 */
final class ClientRoundTrip {
    private final long fixedNs;

    private long ns;
    private boolean known;
    private boolean handshakeSeen;

    /** {@code fixedNs} as in {@link io.tcpcopy.session.base.Settings#fixedRttNs}. */
    ClientRoundTrip(long fixedNs) {
        this.fixedNs = fixedNs;
    }

    /** A new session whose client's handshake is captured: the round trip can be measured. */
    void awaitMeasurement() {
        set(fixedNs);
        known = fixedNs != 0;
        handshakeSeen = true;
    }

    /** A new session that begins mid-stream; {@code formerNs}: round trip of the session before, or 0. */
    void guess(long formerNs) {
        set(fixedNs != 0 ? fixedNs : formerNs);
        known = true;
        handshakeSeen = false;
    }

    /** Whether there is nothing to measure any more. */
    boolean isKnown() {
        return known;
    }

    /** It was measured. */
    void measured(long measuredNs) {
        set(measuredNs);
        known = true;
    }

    /** The copy lags behind its client: what depends on the round trip waits less from now on. */
    void halve() {
        set(ns / 2);
    }

    private void set(long newNs) {
        ns = Math.max(MIN_RTT_NS, newNs);
    }

    /** The round trip in nanoseconds. */
    long ns() {
        return ns;
    }

    /** Whether client and server are so near each other that it does not help to wait for the end of a response. */
    boolean isShortest() {
        return handshakeSeen && ns <= MIN_RTT_NS;
    }
}
