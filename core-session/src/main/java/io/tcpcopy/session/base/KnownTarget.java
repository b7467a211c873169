package io.tcpcopy.session.base;

import io.tcpcopy.flow.Endpoint;

/**
 * What is known of one target. Whether there was room for packets to it when the last turn ended: while there is none they wait on this
 * host, and nobody can answer them, so this time does not count where answers are awaited. How long the way to it and back took lately, and
 * whether it ended connections early.
 */
public final class KnownTarget {
    private final Endpoint endpoint;
    private final int number;
    private final RecentMaximum roundTrips = new RecentMaximum();
    private final EarlyEndsLately earlyEnds = new EarlyEndsLately();
    private boolean there = true;
    private long goneSinceNs;
    /** For how long there was none, before the last time that there was. */
    private long goneNs;

    /** There is room for packets to an endpoint; {@code number} counts targets from 0 on. */
    KnownTarget(Endpoint endpoint, int number) {
        this.endpoint = endpoint;
        this.number = number;
    }

    /** A turn ends at this time: whether there is room now. */
    void note(boolean isThere, long nowNs) {
        if (there && !isThere) {
            goneSinceNs = nowNs;
        } else if (!there && isThere) {
            goneNs += nowNs - goneSinceNs;
        }
        there = isThere;
    }

    /** Its address and port. */
    public Endpoint endpoint() {
        return endpoint;
    }

    /** Its number, from 0 on. */
    public int number() {
        return number;
    }

    /** Round trips of all sessions, in nanoseconds. */
    public RecentMaximum roundTrips() {
        return roundTrips;
    }

    /** Whether it has ended connections early. */
    public EarlyEndsLately earlyEnds() {
        return earlyEnds;
    }

    /** Whether there is room. */
    public boolean isThere() {
        return there;
    }

    /** For how long there was none until a time, all in all, in nanoseconds. */
    public long goneNs(long nowNs) {
        return there ? goneNs : goneNs + nowNs - goneSinceNs;
    }
}
