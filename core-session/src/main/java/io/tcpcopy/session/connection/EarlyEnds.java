package io.tcpcopy.session.connection;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.pace.ClientPace;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;

/**
 * Connections that the target ends although their clients go on with them. All that was said may have been delivered, and nothing have
 * come of it: a target that does not know the client's account takes each request for a login, and refuses it. They are counted by what
 * the client's first bytes tell of the likely reason.
 */
final class EarlyEnds {
    /** First bytes of a record of TLS: a handshake, of version 3 (RFC 8446, section 5.1). */
    private static final int TLS_HANDSHAKE = 0x1603;

    /** How PostgreSQL's clients begin: version 3.0, or the wish for encryption (its manual, "Message Formats"), behind a length. */
    private static final int POSTGRESQL_VERSION = 3 << 16;

    private static final int POSTGRESQL_TLS = 80_877_103;
    private static final int POSTGRESQL_GSS = 80_877_104;
    private static final int POSTGRESQL_LENGTH = 8;
    private static final int POSTGRESQL_CODE_OFFSET = 4;

    private final Tcb tcb;
    private final SendWindow window;
    private final Requests requests;
    private final ClientPace pace;
    private final SessionContext context;

    private SessionCounter kind;
    private boolean targetEnded;

    EarlyEnds(Tcb tcb, SendWindow window, Requests requests, ClientPace pace, SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.requests = requests;
        this.pace = pace;
        this.context = context;
    }

    /** A new session. */
    void newSession() {
        kind = null;
    }

    /** A new target connection. */
    void newConnection() {
        targetEnded = false;
    }

    /**
     * The session begins in the middle of the client's connection.
     *
     * @param former what the client's first bytes told the session before, or null if there was none
     */
    void beginMidStream(SessionCounter former) {
        kind = former == null ? SessionCounter.ENDED_EARLY_MID_STREAM : former;
    }

    /** As what an early end counts; null while nothing tells. */
    SessionCounter kind() {
        return kind;
    }

    /** A client packet has come, and {@link Requests} knows what it acknowledges. */
    void clientSpoke(ClientPacket packet) {
        boolean isFirst = packet.payloadLength() > 0 && !tcb.synMade && packet.seq() == tcb.iss + 1;
        if (kind == null && isFirst) {
            kind = kindOf(packet);
        }
    }

    private SessionCounter kindOf(ClientPacket first) {
        boolean greeted = first.acknowledges() && TcpSeq.greaterThan(first.ack(), requests.firstAck());
        if (greeted || beginsPostgresql(first)) {
            return SessionCounter.ENDED_EARLY_LOGIN;
        }
        return beginsTls(first) ? SessionCounter.ENDED_EARLY_TLS : SessionCounter.ENDED_EARLY_OTHER;
    }

    private static boolean beginsTls(ClientPacket first) {
        return first.payloadLength() >= Short.BYTES && first.buffer().getShort(first.payloadOffset()) == TLS_HANDSHAKE;
    }

    private static boolean beginsPostgresql(ClientPacket first) {
        if (first.payloadLength() < POSTGRESQL_LENGTH) {
            return false;
        }
        int code = first.buffer().getInt(first.payloadOffset() + POSTGRESQL_CODE_OFFSET);
        return code == POSTGRESQL_VERSION || code == POSTGRESQL_TLS || code == POSTGRESQL_GSS;
    }

    /** The target has ended its connection: by an RST, or by a FIN that came before the client's. */
    void targetEnded() {
        targetEnded = true;
    }

    /**
     * The connection to the target is left. What that had acknowledged by then, and had not answered, counts as delivered.
     *
     * @param lastWords whether the client's last request needs no answer
     */
    void connectionLeft(boolean lastWords) {
        if (!targetEnded || lastWords) {
            return;
        }
        int unanswered =
                Math.max(pace.unansweredTogether() - notTaken(), requests.isLastUnanswered(tcb.sndUna) ? 1 : 0);
        if (unanswered > 0) {
            context.counters.add(SessionCounter.REQUESTS_UNANSWERED, unanswered);
            pace.endedEarly(tcb.lastResponseNs);
        }
    }

    /**
     * The target has ended its connection, and payload of the client is left.
     *
     * @param goesOn whether that is sent over another one
     */
    void endedEarly(boolean goesOn) {
        context.count(kind == null ? SessionCounter.ENDED_EARLY_OTHER : kind);
        pace.endedEarly(tcb.lastResponseNs);
        if (goesOn) {
            context.counters.add(SessionCounter.REQUESTS_SENT_AGAIN, notTaken());
        }
    }

    /** How many requests have left of which the target has taken nothing; of one that it has taken in part nothing is sent again. */
    private int notTaken() {
        int notTaken = 0;
        for (Packet packet = window.first(); packet != null && packet.wasSent(); packet = packet.next()) {
            notTaken += packet.beginsRequest() && TcpSeq.greaterThanOrEqual(packet.seq(), tcb.sndUna) ? 1 : 0;
        }
        return notTaken;
    }
}
