package io.tcpcopy.session.connection;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The transmission control block of the connection to the target: the variables of RFC 9293, section 3.3.1, as far as a
 * client needs them. Everybody in this room reads them. Each is written by the one class that decides it, and by
 * {@link #newConnection}.
 */
final class Tcb {
    @WrittenBy("Handshake")
    TcpState state;

    /** The initial send sequence number: the SYN's. */
    @WrittenBy("Tcb")
    int iss;

    /** The first number that the target has not acknowledged. */
    @WrittenBy("Sender")
    int sndUna;

    /** The number to be sent next. */
    @WrittenBy("Sender")
    int sndNxt;

    /** The target's window in bytes, scaled. */
    @WrittenBy("Sender")
    int sndWnd;

    /** The longest segment that the target takes, in bytes without headers and options (RFC 9293, section 3.7.1, SendMSS). */
    @WrittenBy("Handshake")
    int sndMss;

    /** Shift of the windows that the target announces (RFC 7323, Snd.Wind.Shift). */
    @WrittenBy("Handshake")
    int sndWindShift;

    /** The lowest payload number that is known to be of this connection: the first one, later one not too far back. */
    @WrittenBy("Sender")
    int lowestSeq;

    /** Whether the client's FIN has left. */
    @WrittenBy("Sender")
    boolean finSent;

    /** The number behind the highest one that the target is known to have sent: what is acknowledged. */
    @WrittenBy("Receiver")
    int rcvNxt;

    /** Shift of the windows that we announce (RFC 7323, Rcv.Wind.Shift). */
    @WrittenBy("Handshake")
    int rcvWindShift;

    /** Whether the target's FIN has come. */
    @WrittenBy("Receiver")
    boolean finReceived;

    /** When the last response came that fitted, the one to the SYN included; keepalive probes do not count. */
    @WrittenBy("Receiver")
    long lastResponseNs;

    /** Whether anything has left that acknowledges the target's SYN: the last step of the handshake. */
    @WrittenBy("Output")
    boolean handshakeAckSent;

    /** Whether that was made here, so that the round trip which the target measures is ours, not the client's. */
    @WrittenBy("Handshake")
    boolean handshakeAckMade;

    /** Whether the SYN was made here, since the client's own was not captured or is used up. */
    @WrittenBy("Tcb")
    boolean synMade;

    /** Names the class that alone writes a variable; a test holds all classes to it. */
    @Retention(RetentionPolicy.CLASS)
    @Target(ElementType.FIELD)
    @interface WrittenBy {
        /** The simple name of the class. */
        String value();
    }

    /**
     * Forgets the connection that was there.
     *
     * @param synSeq number of the next one's SYN
     * @param made whether that is not the client's
     */
    void newConnection(int synSeq, boolean made) {
        state = TcpState.CLOSED;
        synMade = made;
        iss = synSeq;
        sndUna = iss;
        sndNxt = iss + 1;
        sndWnd = 0;
        sndMss = 0;
        sndWindShift = 0;
        lowestSeq = iss + 1;
        finSent = false;
        rcvNxt = 0;
        rcvWindShift = 0;
        finReceived = false;
        handshakeAckSent = false;
        handshakeAckMade = false;
    }

    /** Sequence numbers that were sent and are not acknowledged. */
    int inFlight() {
        return sndNxt - sndUna;
    }
}
