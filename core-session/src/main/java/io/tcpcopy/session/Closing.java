package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.NEVER;

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

    /** The client has reset its connection. */
    void clientReset() {
        clientReset = true;
    }

    /** The target has closed; its FIN is acknowledged. */
    void targetFin() {
        targetClosed = true;
        session.pacing.targetClosed();
        lingerUntilNs = context.nowNs + Math.min(MAX_LINGER_NS, Math.max(MIN_LINGER_NS, 2 * session.rttNs()));
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
        } else if (clientReset && session.pacing.responseOver()) {
            session.end(DropReason.CLIENT_RESET, true);
        } else if (lingerUntilNs <= context.nowNs && !finSent) {
            session.end(DropReason.CLOSED, true);
        }
    }

    long deadlineNs() {
        long deadline = Math.min(session.unlessPassed(finDueNs), session.unlessPassed(lingerUntilNs));
        return clientReset ? Math.min(deadline, session.unlessPassed(session.pacing.deadlineNs())) : deadline;
    }
}
