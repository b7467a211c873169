package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;

/**
 * Opens a new target connection in the middle of a client's, when the target has closed its own or bytes of the client
 * were lost: from the first request on that is whole. Half a request helps nobody.
 */
final class Rebuild {
    private static final int MAX_IN_A_ROW = 3;

    private final Session session;
    private final SessionContext context;

    private int inARow;
    private long restartNs;
    private boolean requestKnown;
    private int requestAck;
    /** The number behind the last one that was sent over the connection before. */
    private int formerSndNxt;
    /** What was acknowledged over the connection before, so far as it was heard after its end. */
    private int formerAck;

    Rebuild(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new session. */
    void open() {
        inARow = 0;
        restartNs = NEVER;
        requestKnown = false;
    }

    /** The target has acknowledged a whole packet with payload. */
    void delivered(Packet packet) {
        inARow = 0;
        requestKnown = true;
        requestAck = packet.clientAck;
    }

    /**
     * The target has closed its connection although there is payload to send.
     *
     * @param reset whether the target is to be told that the old connection is over
     */
    void begin(boolean reset) {
        if (++inARow > MAX_IN_A_ROW) {
            context.count(SessionCounter.REBUILDS_GIVEN_UP);
            session.end(DropReason.CLOSED, reset);
            return;
        }
        restartBehindCutRequest(session.sndUna(), reset, DropReason.REQUEST_CUT, SessionCounter.REBUILT);
    }

    /** Bytes of the client are missing before the next unsent packet: goes on with the next request. */
    void beginBehindGap() {
        Packet next = session.window.nextUnsent();
        context.counters.add(SessionCounter.MISSING_BYTES, TcpSeq.distance(session.sndNxt(), next.seq));
        while (session.window.first() != next) {
            session.window.drop(session.window.first(), session.sndUna(), DropReason.GAP);
        }
        if (session.pacing.payloadWasSent()) {
            requestKnown = true;
            requestAck = session.pacing.lastPayloadAck();
        }
        if (context.settings.wholeSessionsOnly()) {
            session.end(DropReason.GAP, true);
            return;
        }
        restartBehindCutRequest(next.seq, true, DropReason.GAP, SessionCounter.STARTED_MID_STREAM);
    }

    private void restartBehindCutRequest(int number, boolean reset, DropReason reason, SessionCounter counter) {
        int resumeNumber = dropCutRequest(number, reason);
        if (!session.window.hasPayload()) {
            session.end(reason, reset);
            return;
        }
        if (reset) {
            context.segments.sendReset(session);
        }
        context.count(counter);
        formerSndNxt = session.sndNxt();
        formerAck = resumeNumber;
        session.window.markAllUnsent();
        // Not with the first packet there is: packets overtake each other, and one before it may still come.
        session.beginConnection(resumeNumber - 1, true);
        restartNs = context.nowNs + session.rttNs();
    }

    /**
     * Drops what stands before the first packet that begins a request of which the target has taken nothing.
     *
     * @param number that would follow if nothing were dropped
     * @return the number to go on with
     */
    private int dropCutRequest(int number, DropReason reason) {
        int resumeNumber = number;
        Packet packet = session.window.first();
        while (packet != null) {
            boolean partlyTaken = packet.sent && TcpSeq.greaterThan(session.sndUna(), packet.seq);
            if (packet.payloadLength > 0) {
                if (partlyTaken) {
                    requestKnown = true;
                    requestAck = packet.clientAck;
                }
                if (!isOfCutRequest(packet.clientAck)) {
                    break;
                }
            }
            resumeNumber = TcpSeq.max(resumeNumber, packet.end());
            session.window.drop(packet, session.sndUna(), reason);
            packet = session.window.first();
        }
        return resumeNumber;
    }

    /** Whether payload with this acknowledgement goes on with a request that was taken in part or lost in part. */
    boolean isOfCutRequest(int clientAck) {
        return requestKnown && clientAck == requestAck;
    }

    boolean isRequestKnown() {
        return requestKnown;
    }

    int requestAck() {
        return requestAck;
    }

    /** When the new connection begins. */
    long deadlineNs() {
        return restartNs;
    }

    void due() {
        if (restartNs > context.nowNs) {
            return;
        }
        restartNs = NEVER;
        removeAcknowledgedLate();
        // The rest of a cut request may have come meanwhile.
        int resumeNumber = dropCutRequest(TcpSeq.max(session.sndNxt(), formerAck), DropReason.REQUEST_CUT);
        if (!session.window.hasPayload()) {
            // The client's repetitions of what was acknowledged late are told from new payload by this number.
            session.beginConnection(resumeNumber - 1, true);
            session.end(DropReason.REQUEST_CUT, false);
            return;
        }
        session.restart(resumeNumber - 1);
    }

    /**
     * A response of the connection before: what it acknowledges is not sent again. Packets overtake each other, and the
     * target's end may have been heard of before what it took.
     *
     * @return whether it acknowledges anything that is to be sent again
     */
    boolean acknowledgedLate(Response response) {
        boolean late = restartNs != NEVER
                && response.isAck()
                && TcpSeq.greaterThan(response.ack(), formerAck)
                && TcpSeq.lessThanOrEqual(response.ack(), formerSndNxt);
        if (late) {
            formerAck = response.ack();
        }
        return late;
    }

    private void removeAcknowledgedLate() {
        Packet first = session.window.first();
        int number = session.sndNxt();
        while (first != null && TcpSeq.lessThanOrEqual(first.end(), formerAck)) {
            int repeated = first.payloadBefore(number);
            if (repeated > 0) {
                session.window.trimNextUnsent(session, repeated);
            }
            if (first.payloadLength > 0) {
                delivered(first);
            }
            number = TcpSeq.max(number, first.end());
            session.window.deliver(first);
            first = session.window.first();
        }
        if (first != null && TcpSeq.lessThan(first.seq, formerAck)) {
            requestKnown = true;
            requestAck = first.clientAck;
        }
    }
}
