package io.tcpcopy.session;

import io.tcpcopy.packet.TcpSeq;

/** What the target says, if it says it to this connection and not to an earlier one of the pair. */
final class Receiving {
    private static final int MAX_UNSCALED_WINDOW = 65535;

    private final Session session;
    private final SessionContext context;
    private final RepeatedCapture repeatedCapture = new RepeatedCapture();

    private long lastNs;

    Receiving(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new target connection. */
    void begin() {
        repeatedCapture.begin();
    }

    /** When the target's last response that fitted arrived, the one to the SYN included. */
    long lastNs() {
        return lastNs;
    }

    /** Takes a response of the pair. */
    void take(Response response) {
        if (repeatedCapture.repeats(response, context.nowNs)) {
            context.count(SessionCounter.RESPONSES_TWICE);
            return;
        }
        switch (session.state()) {
            case CLOSED -> {
                if (!session.rebuild.acknowledgedLate(response)) {
                    context.count(SessionCounter.RESPONSES_NOT_FITTING);
                }
            }
            case SYN_SENT -> answerToSyn(response);
            case ESTABLISHED -> {
                if (fits(response)) {
                    if (!isKeepaliveProbe(response)) {
                        heard();
                    }
                    established(response);
                } else {
                    context.count(SessionCounter.RESPONSES_NOT_FITTING);
                }
            }
        }
    }

    /** RFC 9293, section 3.8.4. A target that only asks whether the client is there does not keep the session alive. */
    private boolean isKeepaliveProbe(Response response) {
        return response.payloadLength() <= 1
                && !response.isSyn()
                && !response.isFin()
                && !response.isRst()
                && response.seq() == session.rcvNxt() - 1
                && response.ack() == session.sndUna();
    }

    private void heard() {
        lastNs = context.nowNs;
        session.pacing.heard();
    }

    private void answerToSyn(Response response) {
        boolean acknowledgesSyn = response.isAck() && response.ack() == session.sndNxt();
        if (response.isSyn() && acknowledgesSyn) {
            heard();
            session.handshake.synAck(response);
        } else if (response.isRst() && acknowledgesSyn) {
            context.count(SessionCounter.REFUSED);
            session.end(DropReason.REFUSED, false);
        } else if (response.isPureAck() || acknowledgesSyn) {
            session.handshake.challenged(response);
        } else {
            context.count(SessionCounter.RESPONSES_NOT_FITTING);
        }
    }

    private boolean fits(Response response) {
        int offered = MAX_UNSCALED_WINDOW << session.rcvScale();
        boolean numberFits = Math.abs((long) TcpSeq.distance(session.rcvNxt(), response.seq())) <= offered;
        if (response.isRst()) {
            // One numbered lower was meant for an older connection: initial numbers rise (RFC 6528).
            return numberFits && TcpSeq.greaterThanOrEqual(response.seq(), session.rcvFirst());
        }
        return numberFits
                && response.isAck()
                && TcpSeq.greaterThanOrEqual(response.ack(), session.oldest())
                && TcpSeq.lessThanOrEqual(response.ack(), session.sndNxt());
    }

    private void established(Response response) {
        if (response.isRst()) {
            if (response.isAck() && TcpSeq.inWindow(response.ack(), session.sndUna(), session.inFlight() + 1)) {
                session.acknowledged(response.ack());
                removeAcknowledged();
            }
            session.closing.targetReset();
        } else if (response.isSyn()) {
            session.handshake.synAckRepeated();
        } else {
            session.timestamps.note(response);
            acknowledged(response);
            received(response);
        }
    }

    /** What the target acknowledges, and the window it offers. */
    private void acknowledged(Response response) {
        int ack = response.ack();
        if (TcpSeq.lessThan(ack, session.sndUna())) {
            return;
        }
        int offered = response.window() << session.sndScale();
        if (ack != session.sndUna()) {
            session.acknowledged(ack);
            session.windowOffered(offered);
            removeAcknowledged();
            session.retransmission.progress();
        } else if (isDuplicate(response, offered)) {
            session.retransmission.duplicate();
        } else {
            session.windowOffered(offered);
        }
        if (session.sndWnd() > 0) {
            session.retransmission.windowOpen();
        }
    }

    private boolean isDuplicate(Response response, int offered) {
        return response.isPureAck()
                && offered == session.sndWnd()
                && response.seq() == session.rcvNxt()
                && session.inFlight() > 0;
    }

    private void removeAcknowledged() {
        Packet first = session.window.first();
        while (first != null && first.sent && TcpSeq.lessThanOrEqual(first.end(), session.sndUna())) {
            if (first.payloadLength > 0) {
                session.rebuild.delivered(first);
            }
            session.window.deliver(first);
            first = session.window.first();
        }
    }

    /** A FIN is one although something numbered behind it may have overtaken it. */
    private boolean isFirstFin(Response response) {
        return response.isFin() && !session.closing.targetClosed();
    }

    /** What the target sends. */
    private void received(Response response) {
        boolean news = TcpSeq.greaterThan(response.end(), session.rcvNxt());
        if (news) {
            // Of payload that was lost or overtaken on the way here, the numbers of what follows tell.
            int payload = TcpSeq.distance(session.rcvNxt(), response.end()) - (response.isFin() ? 1 : 0);
            session.heard(response.end());
            if (payload > 0) {
                session.acknowledging.payload(payload);
                if (response.payloadLength() > 0 || response.ack() == session.sndNxt()) {
                    session.pacing.responsePayload(response);
                }
            }
        } else if (response.payloadLength() > 0) {
            session.acknowledging.atOnce();
            session.halveRtt();
        } else if (TcpSeq.lessThan(response.seq(), session.rcvNxt()) && !isFirstFin(response)) {
            session.acknowledging.atOnce();
        }
        if (isFirstFin(response)) {
            session.acknowledging.atOnce();
            session.closing.targetFin();
        }
        session.acknowledging.due();
    }
}
