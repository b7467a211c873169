package io.tcpcopy.session.connection;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.RepeatedCapture;
import io.tcpcopy.session.arrival.Response;

/** What the target sends: whether it is meant for this connection, and what is new in it. */
final class Receiver {
    /** What the text of a response is. */
    enum Text {
        /** None. */
        NONE,
        /** Bytes that were not known of. */
        NEW,
        /** Payload that was known of: the target repeats it. */
        REPEATED,
        /** No payload, and an old number: a keepalive or window probe. */
        PROBE
    }

    private static final int MAX_UNSCALED_WINDOW = 65535;

    private final Tcb tcb;
    private final RepeatedCapture repeatedCapture = new RepeatedCapture();

    /** The lowest number that is known to be of this connection: the SYN's, later one not too far back. */
    private int lowestSeq;

    /** The number of a SYN-ACK that is not the one that opened the connection. */
    private int otherIrs;

    private boolean otherKnown;

    private int newBytes;

    Receiver(Tcb tcb) {
        this.tcb = tcb;
    }

    /** A new target connection. */
    void newConnection() {
        repeatedCapture.newConnection();
        otherKnown = false;
    }

    /** Whether a response was captured twice. */
    boolean isCapturedTwice(Response response, long nowNs) {
        return repeatedCapture.repeats(response, nowNs);
    }

    /** The SYN-ACK has come. */
    void synAck(Response response, long nowNs) {
        lowestSeq = response.seq();
        tcb.rcvNxt = response.seq() + 1;
        tcb.lastResponseNs = nowNs;
    }

    /**
     * Whether a response's numbers are those of this connection, and not of an earlier one: its number within the largest
     * window that was offered, and what it acknowledges within what was sent.
     */
    boolean fits(Response response) {
        int offered = MAX_UNSCALED_WINDOW << tcb.rcvWindShift;
        boolean numberFits = Math.abs((long) TcpSeq.distance(tcb.rcvNxt, response.seq())) <= offered;
        if (response.isRst()) {
            // One numbered lower was meant for an older connection: initial numbers rise (RFC 6528).
            return numberFits && TcpSeq.greaterThan(response.seq(), lowestSeq);
        }
        return numberFits
                && response.isAck()
                && TcpSeq.greaterThanOrEqual(response.ack(), tcb.lowestSeq)
                && TcpSeq.lessThanOrEqual(response.ack(), tcb.sndNxt);
    }

    /**
     * Whether a response is the SYN-ACK of another connection than the target has accepted before, of which nothing has come since. A
     * target that was too busy to remember that one (SYN cookies) has taken a repetition of the SYN for a new one, and says nothing to
     * what acknowledges the first; or it is an old one that was late. Nobody can tell, until either of them is heard of.
     */
    boolean isOtherSynAck(Response response) {
        boolean isOther = response.isSyn()
                && response.isAck()
                && response.ack() == tcb.iss + 1
                && response.seq() != lowestSeq
                && nothingHasCome();
        if (isOther) {
            otherKnown = true;
            otherIrs = response.seq();
        }
        return isOther;
    }

    private boolean nothingHasCome() {
        return tcb.sndUna == tcb.iss + 1 && tcb.rcvNxt == lowestSeq + 1;
    }

    /** What is sent now acknowledges the other SYN-ACK; {@link #speakToOwn} ends that. */
    void speakToOther() {
        tcb.rcvNxt = otherIrs + 1;
    }

    /** What is sent now acknowledges the SYN-ACK that opened the connection. */
    void speakToOwn() {
        tcb.rcvNxt = lowestSeq + 1;
    }

    /**
     * Makes the connection of the other SYN-ACK this one, if a response shows that it is the one that the target has.
     *
     * @return whether it does
     */
    boolean noteOther(Response response) {
        boolean turns = otherKnown
                && nothingHasCome()
                && response.seq() == otherIrs + 1
                && response.isAck()
                && !response.isRst()
                && TcpSeq.inWindow(response.ack(), tcb.sndUna, tcb.inFlight() + 1);
        if (turns) {
            turnToOther();
        }
        return turns;
    }

    /**
     * Whether an RST says that the target does not have the first of two connections: the other one is this one from now on. To begin
     * a third would have the target take twice what was said to the second.
     */
    boolean turnsToOther(Response reset) {
        boolean turns = otherKnown && nothingHasCome() && reset.seq() == lowestSeq + 1;
        if (turns) {
            turnToOther();
        }
        return turns;
    }

    private void turnToOther() {
        otherKnown = false;
        lowestSeq = otherIrs;
        speakToOwn();
    }

    /** Whether a target only asks whether the client is there (RFC 9293, section 3.8.4): that keeps no session alive. */
    boolean isKeepaliveProbe(Response response) {
        return response.payloadLength() <= 1
                && !response.isSyn()
                && !response.isFin()
                && !response.isRst()
                && response.seq() == tcb.rcvNxt - 1
                && response.ack() == tcb.sndUna;
    }

    /** The target has spoken. */
    void targetSpoke(long nowNs) {
        tcb.lastResponseNs = nowNs;
    }

    /** Takes the text of a response that fits (RFC 9293, section 3.10.7.4, seventh); its FIN comes later. */
    Text receive(Response response) {
        if (TcpSeq.greaterThan(response.end(), tcb.rcvNxt)) {
            // Payload that was lost or overtaken on its path shows in the numbers of what follows.
            newBytes = TcpSeq.distance(tcb.rcvNxt, response.end()) - (response.isFin() ? 1 : 0);
            tcb.rcvNxt = response.end();
            lowestSeq = TcpSeq.remembered(lowestSeq, tcb.rcvNxt);
            return newBytes > 0 ? Text.NEW : Text.NONE;
        }
        if (response.payloadLength() > 0) {
            return Text.REPEATED;
        }
        boolean old = TcpSeq.lessThan(response.seq(), tcb.rcvNxt);
        return old && !isFirstFin(response) ? Text.PROBE : Text.NONE;
    }

    /**
     * The target is where it says that it is, and what was acknowledged to it beyond that it has never sent: a response was damaged on
     * its way here. It takes nothing that acknowledges such bytes (RFC 9293, section 3.10.7.4, fifth).
     */
    void goBackTo(Response response) {
        tcb.rcvNxt = response.seq();
    }

    /** How many bytes were new in the response that was received last. */
    int newBytes() {
        return newBytes;
    }

    /** A FIN is the first one although something numbered behind it may have overtaken it. */
    private boolean isFirstFin(Response response) {
        return response.isFin() && !tcb.finReceived;
    }

    /**
     * Takes the FIN of a response that fits, if it has one (RFC 9293, section 3.10.7.4, eighth).
     *
     * @return whether the target has closed with it
     */
    boolean receiveFin(Response response) {
        boolean closed = isFirstFin(response);
        tcb.finReceived |= closed;
        return closed;
    }
}
