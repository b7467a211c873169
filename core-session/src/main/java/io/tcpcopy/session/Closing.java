package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;
import java.util.concurrent.TimeUnit;

/** How a session ends: who has closed, and what is still to be said. */
final class Closing {
    private static final long MIN_LINGER_NS = TimeUnit.MILLISECONDS.toNanos(200);
    private static final long MAX_LINGER_NS = TimeUnit.SECONDS.toNanos(1);

    private final Session session;
    private final SessionContext context;

    private boolean finSent;
    private long finDueNs;
    private boolean clientReset;
    private int clientResetNumber;
    private long overtakenUntilNs;
    private boolean targetClosed;
    private long lingerUntilNs;

    Closing(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new target connection: nobody has closed. */
    void begin() {
        finSent = false;
        finDueNs = NEVER;
        targetClosed = false;
        lingerUntilNs = NEVER;
    }

    /** A new session: the client has not reset its connection. */
    void open() {
        clientReset = false;
    }

    boolean targetClosed() {
        return targetClosed;
    }

    boolean finSent() {
        return finSent;
    }

    /** Whether the bare FIN of the client, the next packet in order, may be sent. */
    boolean maySendFin(Packet fin) {
        if (session.sndUna() != fin.seq) {
            return false;
        }
        if (targetClosed || session.isDraining() || session.pacing.responseOver()) {
            return true;
        }
        if (!session.sending.sawNothingSince(fin)) {
            return false;
        }
        // The client closed without having seen the response: the copy gives the target as long.
        if (finDueNs == NEVER) {
            finDueNs = context.nowNs + session.rttNs();
        }
        return context.nowNs >= finDueNs;
    }

    /** The client's FIN has left. */
    void finLeft() {
        finSent = true;
        finDueNs = NEVER;
        context.count(SessionCounter.SENT_FINS);
    }

    /** The client has reset its connection. Payload numbered below may have been overtaken on the way. */
    void clientReset(ClientPacket reset) {
        clientReset = true;
        clientResetNumber = reset.seq();
        overtakenUntilNs = context.nowNs + lingerNs();
    }

    /** How long one side may take to follow the other. */
    private long lingerNs() {
        return Math.min(MAX_LINGER_NS, Math.max(MIN_LINGER_NS, 2 * session.rttNs()));
    }

    /** How many bytes before the client's RST were never captured, as far as its number can be believed. */
    private int missingBeforeReset() {
        int missing = TcpSeq.distance(session.sndNxt(), clientResetNumber);
        return missing > 0 && !Gap.isJump(missing) ? missing : 0;
    }

    /** The target has closed; its FIN is acknowledged. */
    void targetFin() {
        targetClosed = true;
        session.pacing.targetClosed();
        lingerUntilNs = context.nowNs + lingerNs();
    }

    /** The target has reset the connection. */
    void targetReset() {
        if (session.window.hasPayload()) {
            session.rebuild.begin(false);
        } else {
            session.end(DropReason.CLOSED, false);
        }
    }

    /** Ends the session where everything has been said. */
    void advance() {
        if (finSent && targetClosed && session.window.isEmpty()) {
            session.end(DropReason.CLOSED, false);
        } else if (session.inFlight() > 0 || session.window.nextUnsent() != null) {
            return;
        } else if (clientReset && mayReset()) {
            context.counters.add(SessionCounter.MISSING_BYTES, missingBeforeReset());
            session.end(DropReason.CLIENT_RESET, true);
        } else if (lingerUntilNs <= context.nowNs && !finSent) {
            session.end(DropReason.CLOSED, true);
        } else if (context.clients.haveEnded() && session.pacing.responseOver()) {
            session.end(DropReason.STOPPED, true);
        }
    }

    private boolean mayReset() {
        boolean nothingOvertaken = missingBeforeReset() == 0 || overtakenUntilNs <= context.nowNs;
        return nothingOvertaken && session.pacing.responseOver();
    }

    long deadlineNs() {
        long deadline = Math.min(session.unlessPassed(finDueNs), session.unlessPassed(lingerUntilNs));
        if (clientReset) {
            deadline = Math.min(deadline, session.unlessPassed(overtakenUntilNs));
        }
        if (clientReset || context.clients.haveEnded()) {
            deadline = Math.min(deadline, session.unlessPassed(session.pacing.deadlineNs()));
        }
        return deadline;
    }
}
