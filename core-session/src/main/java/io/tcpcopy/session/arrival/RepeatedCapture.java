package io.tcpcopy.session.arrival;

import java.util.concurrent.TimeUnit;

/** Tells a response that was captured twice, on several devices of one path, from one that the target sent twice. */
public final class RepeatedCapture {
    /** Both captures of a packet lie less apart, two packets of a TCP that repeats itself more (RFC 6298). */
    private static final long LIMIT_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private boolean known;
    private int id;
    private int seq;
    private int ack;
    private int flags;
    private int window;
    private int totalLength;
    private long arrivedNs;

    /** A new target connection: nothing was seen before. */
    public void newConnection() {
        known = false;
    }

    /**
     * Whether a response is the one before once more. Some targets give every packet the identification 0 (RFC 6864), Linux what it sends in
     * TIME-WAIT: of those, ACKs that are alike may be several.
     */
    public boolean repeats(Response response, long nowNs) {
        boolean repeated = known
                && response.id() == id
                && !(id == 0 && response.isPureAck())
                && response.seq() == seq
                && response.ack() == ack
                && response.flags() == flags
                && response.window() == window
                && response.totalLength() == totalLength
                && nowNs - arrivedNs <= LIMIT_NS;
        known = true;
        id = response.id();
        seq = response.seq();
        ack = response.ack();
        flags = response.flags();
        window = response.window();
        totalLength = response.totalLength();
        arrivedNs = nowNs;
        return repeated;
    }
}
