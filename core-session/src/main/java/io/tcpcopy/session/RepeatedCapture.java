package io.tcpcopy.session;

import java.util.concurrent.TimeUnit;

/** Tells a response that was captured twice, on several devices of one way, from one that the target sent twice. */
final class RepeatedCapture {
    private static final long LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private boolean known;
    private int id;
    private int seq;
    private int ack;
    private int flags;
    private int totalLength;
    private long arrivedNs;

    /** A new target connection: nothing was seen before. */
    void begin() {
        known = false;
    }

    /** Whether a response is the one before once more. */
    boolean repeats(Response response, long nowNs) {
        boolean repeated = known
                && response.id() == id
                && response.seq() == seq
                && response.ack() == ack
                && response.flags() == flags
                && response.totalLength() == totalLength
                && nowNs - arrivedNs <= LIMIT_NS;
        known = true;
        id = response.id();
        seq = response.seq();
        ack = response.ack();
        flags = response.flags();
        totalLength = response.totalLength();
        arrivedNs = nowNs;
        return repeated;
    }
}
