package io.tcpcopy.session.emit;

import io.tcpcopy.packet.TcpSeq;

/** The timestamps of one target connection (RFC 7323): used where the SYN offered them and the SYN-ACK had them. */
public final class Timestamps {
    private boolean offered;
    private boolean agreed;
    private boolean started;
    private int last;
    private boolean echoKnown;
    private int echo;

    /** A connection without timestamps. */
    public Timestamps() {}

    /** Forgets everything: a new target connection. */
    public void newConnection(boolean synOffersThem) {
        offered = synOffersThem;
        agreed = false;
        started = false;
        last = 0;
        echoKnown = false;
        echo = 0;
    }

    /** Notes whether the SYN-ACK has them. */
    public void synAck(boolean hasThem) {
        agreed = offered && hasThem;
    }

    /** Notes the target's value; it never goes back. */
    public void note(int value) {
        if (agreed) {
            echo = echoKnown ? TcpSeq.max(echo, value) : value;
            echoKnown = true;
        }
    }

    /** Whether both sides use them. */
    public boolean agreed() {
        return agreed;
    }

    /** The own value to send for a client's value: it never goes back. */
    int advance(int value) {
        last = started ? TcpSeq.max(last, value) : value;
        started = true;
        return last;
    }

    /** The own value sent last. */
    int last() {
        return last;
    }

    /** The target's last value. */
    int echo() {
        return echo;
    }
}
