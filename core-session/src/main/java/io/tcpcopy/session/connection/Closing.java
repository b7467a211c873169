package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.session.base.ClientTime;
import io.tcpcopy.session.base.Deadline;
import io.tcpcopy.session.pace.ClientPace;
import io.tcpcopy.session.pace.ClientRoundTrip;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;
import java.util.concurrent.TimeUnit;

/** How a session ends: what has to be said before both sides have closed, and how long one waits for the other. */
final class Closing {
    /** What has ended a connection. */
    enum End {
        /** Nothing: it goes on. */
        NONE,
        /** Both sides have closed, and the target knows it. */
        BOTH_CLOSED,
        /** The client has reset it. */
        CLIENT_RESET,
        /** The target has closed, or speaks on and on, and the client has not followed. */
        CLIENT_SILENT,
        /** The capture that is replayed has ended. */
        CAPTURE_ENDED
    }

    /** A client on the same network follows within its round trip, but may have to be scheduled first. */
    private static final long MIN_LINGER_NS = TimeUnit.MILLISECONDS.toNanos(200);
    /** A client that keeps its half open for longer says nothing that its own server still answers, mostly. */
    private static final long MAX_LINGER_NS = TimeUnit.SECONDS.toNanos(1);
    /** A client that has closed and still reads acknowledges what it reads; one that says nothing for so long has left. */
    private static final long SILENCE_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);

    /**
     * So long a target that owes answers is quiet before it gets an RST, which takes from it what it has not read yet: it may be busy with
     * one of several requests.
     */
    private static final long RESET_QUIET_NS = TimeUnit.SECONDS.toNanos(1);

    /** The same where another connection of the client waits for the addresses and ports. More may do so than there is time for. */
    private static final long GIVE_WAY_QUIET_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final Tcb tcb;
    private final SendWindow window;
    private final Requests requests;
    private final ClientRoundTrip clientRoundTrip;
    private final RequestPacing pacing;
    private final ClientReset clientReset;
    private final ClientPace pace;
    private final ClientTime clientTime;

    private long finDueNs;
    private long lingerUntilNs;

    Closing(
            Tcb tcb,
            SendWindow window,
            Requests requests,
            ClientRoundTrip clientRoundTrip,
            RequestPacing pacing,
            ClientReset clientReset,
            ClientPace pace,
            ClientTime clientTime) {
        this.tcb = tcb;
        this.window = window;
        this.requests = requests;
        this.clientRoundTrip = clientRoundTrip;
        this.pacing = pacing;
        this.clientReset = clientReset;
        this.pace = pace;
        this.clientTime = clientTime;
    }

    /** A new target connection: the target has not closed. */
    void newConnection() {
        finDueNs = NEVER;
        lingerUntilNs = NEVER;
    }

    /** Whether the bare FIN of the client, the next packet in order, may be sent. */
    boolean maySendFin(Packet fin, long nowNs) {
        if (tcb.sndUna != fin.seq()) {
            return false;
        }
        if (tcb.finReceived || pacing.isHurried() || mayClose(fin, nowNs)) {
            return true;
        }
        if (!requests.sawNothingSinceSent(fin)) {
            return false;
        }
        // The client closed without having seen the response: the copy gives the target as long.
        if (finDueNs == NEVER) {
            finDueNs = nowNs + clientRoundTrip.ns();
        }
        return nowNs >= finDueNs;
    }

    private boolean mayClose(Packet fin, long nowNs) {
        return pacing.mayClose(fin.clientAck(), fin.acknowledges(), fin.clientNs(), nowNs);
    }

    /** The client's FIN has left. */
    void finSent() {
        finDueNs = NEVER;
    }

    /** The target has closed. */
    void targetFin(long nowNs) {
        lingerUntilNs = nowNs + lingerNs();
    }

    /** How long one side may take to follow the other. */
    private long lingerNs() {
        return Math.min(MAX_LINGER_NS, Math.max(MIN_LINGER_NS, 2 * clientRoundTrip.ns()));
    }

    /** Whether everything has been said, and by whom the connection was ended. */
    End end(long nowNs) {
        if (tcb.finSent && tcb.finReceived && window.isEmpty()) {
            return End.BOTH_CLOSED;
        }
        if (tcb.inFlight() > 0 || window.nextUnsent() != null) {
            return End.NONE;
        }
        boolean resetIsSafe = !pace.isTargetOwing() || nowNs >= quietNs();
        if (clientReset.hasCome() && mayReset(nowNs) && resetIsSafe) {
            return End.CLIENT_RESET;
        }
        if (lingerUntilNs <= nowNs && !tcb.finSent) {
            return End.CLIENT_SILENT;
        }
        if (tcb.finSent && pace.isClientSilent(SILENCE_LIMIT_NS) && resetIsSafe) {
            return End.CLIENT_SILENT;
        }
        return clientTime.haveEnded() && pacing.mayEnd(nowNs) && resetIsSafe ? End.CAPTURE_ENDED : End.NONE;
    }

    /** Whether the target has answered, or has been quiet for long enough, so that an RST takes nothing from it that it has not read. */
    boolean mayGiveWay(long nowNs) {
        return !requests.payloadWasSent() || nowNs >= givesWayNs();
    }

    private long givesWayNs() {
        if (pace.hasAnsweredLast() && !pace.isTargetOwing()) {
            return pacing.silentSinceNs();
        }
        return pacing.silentSinceNs() + GIVE_WAY_QUIET_NS;
    }

    /** When the target has been quiet for long enough. */
    private long quietNs() {
        return pacing.silentSinceNs() + RESET_QUIET_NS;
    }

    private boolean mayReset(long nowNs) {
        return pacing.mayClose(clientReset.ack(), clientReset.acknowledges(), clientReset.arrivedNs(), nowNs);
    }

    /** When to look again. What has passed has had its effect. */
    long deadlineNs(long nowNs) {
        long deadlineNs = Math.min(Deadline.ifToCome(finDueNs, nowNs), Deadline.ifToCome(lingerUntilNs, nowNs));
        boolean isOver = clientReset.hasCome() || clientTime.haveEnded();
        if (isOver) {
            deadlineNs = Math.min(deadlineNs, Deadline.ifToCome(pacing.deadlineNs(), nowNs));
        }
        if (tcb.finSent) {
            deadlineNs = Math.min(deadlineNs, Deadline.ifToCome(pace.clientSilentNs(SILENCE_LIMIT_NS, nowNs), nowNs));
        }
        if (isOver || tcb.finSent) {
            deadlineNs = Math.min(deadlineNs, Deadline.ifToCome(quietNs(), nowNs));
        }
        if (pacing.isHurried()) {
            deadlineNs = Math.min(deadlineNs, Deadline.ifToCome(givesWayNs(), nowNs));
        }
        return Math.min(deadlineNs, Deadline.ifToCome(clientReset.deadlineNs(nowNs), nowNs));
    }
}
