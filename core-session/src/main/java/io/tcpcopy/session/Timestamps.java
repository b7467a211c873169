package io.tcpcopy.session;

import io.tcpcopy.packet.TcpSeq;

/** The timestamps of one target connection (RFC 7323): used where the SYN offered them and the SYN-ACK had them. */
final class Timestamps {
    private boolean offered;
    private boolean agreed;
    private boolean started;
    private int last;
    private boolean heard;
    private int echo;

    /** Forgets everything: a new target connection. */
    void begin(boolean synOffersThem) {
        offered = synOffersThem;
        agreed = false;
        started = false;
        last = 0;
        heard = false;
        echo = 0;
    }

    /** Notes whether the SYN-ACK has them. */
    void synAck(Response response) {
        agreed = offered && response.hasTimestamp();
    }

    /** Notes the target's value; it never goes back. */
    void note(Response response) {
        if (agreed && response.hasTimestamp()) {
            int value = response.timestamp();
            echo = heard ? TcpSeq.max(echo, value) : value;
            heard = true;
        }
    }

    /** The own value to send for a client's value: it never goes back. */
    int advance(int value) {
        last = started ? TcpSeq.max(last, value) : value;
        started = true;
        return last;
    }

    boolean agreed() {
        return agreed;
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
