package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.pace.ClientPace;
import io.tcpcopy.session.pace.ClientRoundTrip;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;
import java.util.concurrent.TimeUnit;

/**
 * When the client's next payload may be sent, as far as it depends on what the target has said. A server that speaks first is
 * waited for: its greeting, which the client shows by acknowledging more before it has said anything. So is the response to a
 * request before the next one is sent, which is complete when the target was quiet for a while.
 */
final class RequestPacing {
    /** What the target is to say before the client's next payload. */
    private enum Awaited {
        NOTHING,
        GREETING,
        RESPONSE
    }

    /**
     * How long the target is waited for: for a greeting since the client showed it, for a response since the target spoke last and the client
     * went on.
     * Longer than servers take that still work; a copy that waited for ever would never catch up with its client.
     */
    private static final long ANSWER_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    /** The longest wait for a target that speaks on and on: longer than clients have patience, mostly. */
    private static final long PAYLOAD_LIMIT_NS = TimeUnit.SECONDS.toNanos(30);
    /** The same before the connection is closed: a client that leaves has no patience at all. */
    private static final long CLOSING_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    /**
     * How long a target is quiet that owes answers before they count as said: it may be busy with them, and others be shorter than those of the
     * online server.
     */
    private static final long OWING_QUIET_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** Long enough for several repetitions of what the target still has to get. */
    private static final long HURRY_LIMIT_NS = TimeUnit.SECONDS.toNanos(3);
    /** So long a greeting is waited for then: a server that has not greeted reads nothing, and one that is reset meanwhile never will. */
    private static final long HURRIED_LIMIT_NS = TimeUnit.SECONDS.toNanos(1);
    /** Within so many round trips to the target more follows a full-sized segment: the target waits for our acknowledgement. */
    private static final int MORE_FOLLOWS_ROUND_TRIPS = 2;
    /** With more requests than these in the window the copy lags behind: wait less. */
    private static final int MANY_REQUESTS = 64;
    /** Total lengths of segments that another one probably follows: the usual MTUs. */
    private static final int[] USUAL_MTUS = {576, 1492, 1500};
    /** Segments of this total length and more were not cut yet: offloading. */
    private static final int UNCUT_LENGTH = 2048;

    private final Tcb tcb;
    private final SendWindow window;
    private final Requests requests;
    private final ClientRoundTrip clientRoundTrip;
    private final Retransmission retransmission;
    private final ClientPace pace;
    private final DelayedAck delayedAck;
    private final SessionContext context;

    private Awaited awaited;
    private long greetingLimitNs;
    private boolean greetingGivenUp;
    private boolean payloadSeen;
    private boolean lastFullSized;
    /** Whether the response counted as complete without having been waited for. */
    private boolean completeAssumed;

    private long sentNs;
    /** Whether nothing else was awaited when the request that was sent last began, so that what comes is its answer. */
    private boolean isAnswerClear;

    private long lastPayloadNs;
    private long silentSinceNs;
    /** Since when something waits for the response; NEVER while nothing does. */
    private long heldSinceNs;

    private long heldUntilNs;

    private long hurryUntilNs;

    RequestPacing(
            Tcb tcb,
            SendWindow window,
            Requests requests,
            ClientRoundTrip clientRoundTrip,
            Retransmission retransmission,
            ClientPace pace,
            DelayedAck delayedAck,
            SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.requests = requests;
        this.clientRoundTrip = clientRoundTrip;
        this.retransmission = retransmission;
        this.pace = pace;
        this.delayedAck = delayedAck;
        this.context = context;
    }

    /** A new session: there is time. */
    void newSession() {
        hurryUntilNs = NEVER;
    }

    /** A new target connection. Nothing is awaited before the first payload, unless the client shows it. */
    void newConnection(long nowNs) {
        awaited = Awaited.NOTHING;
        greetingLimitNs = NEVER;
        greetingGivenUp = false;
        heldSinceNs = NEVER;
        heldUntilNs = NEVER;
        payloadSeen = false;
        isAnswerClear = false;
        silentSinceNs = nowNs;
    }

    // -------------------------------------------------------------------------------------------------------- arrivals

    /** A client packet: when its acknowledgement moves before the client has said anything, the server spoke first. */
    void clientAcknowledged(ClientPacket packet, long nowNs) {
        if (!packet.acknowledges() || requests.noteAck(packet)) {
            return;
        }
        if (mayBeGreeted() && packet.seq() == tcb.iss + 1 && TcpSeq.greaterThan(packet.ack(), requests.firstAck())) {
            awaited = Awaited.GREETING;
            greetingLimitNs = nowNs + (isHurried() ? HURRIED_LIMIT_NS : ANSWER_LIMIT_NS);
        }
    }

    /** Not where the greeting has come before the client's acknowledgement of it, in part at least: nothing waits for that. */
    private boolean mayBeGreeted() {
        boolean silent = !requests.payloadWasSent() && !payloadSeen;
        return awaited == Awaited.NOTHING && silent && !greetingGivenUp && !tcb.synMade;
    }

    /** A response that fits has come. */
    void targetSpoke(long nowNs) {
        silentSinceNs = nowNs;
    }

    /** When the target spoke last, or was asked. */
    long silentSinceNs() {
        return silentSinceNs;
    }

    /** Whether a response may belong to the request: what acknowledges nothing of it still belongs to the response before. */
    boolean mayAnswerRequest(Response response) {
        return awaited != Awaited.RESPONSE || TcpSeq.greaterThan(response.ack(), requests.requestSeq());
    }

    /**
     * New payload of the target that may answer the request.
     *
     * @return whether it is the greeting that was awaited, so that the client's payload may follow
     */
    boolean targetPayload(Response response, long nowNs) {
        if (!payloadSeen && isAnswerClear) {
            context.responseTimes.record(nowNs - sentNs);
        }
        payloadSeen = true;
        lastPayloadNs = nowNs;
        lastFullSized = isFullSized(response.totalLength());
        boolean greeted = awaited == Awaited.GREETING;
        if (greeted) {
            awaited = Awaited.NOTHING;
        }
        return greeted;
    }

    private boolean isFullSized(int totalLength) {
        if (totalLength >= UNCUT_LENGTH || totalLength == context.settings.mtu()) {
            return true;
        }
        for (int mtu : USUAL_MTUS) {
            if (totalLength == mtu) {
                return true;
            }
        }
        return false;
    }

    /** The target has closed: it will not say more. */
    void targetClosed() {
        awaited = Awaited.NOTHING;
    }

    /** A payload packet has left for the first time, or a part of it. */
    void payloadSent(Packet packet, boolean isFirstPart, long nowNs) {
        if (isFirstPart) {
            pace.sent(packet, awaited == Awaited.NOTHING, completeAssumed, nowNs);
            completeAssumed = false;
            boolean isOver = awaited != Awaited.RESPONSE || payloadSeen && nowNs >= completeNs();
            isAnswerClear = isOver || isAnswerClear && !packet.beginsRequest();
        } else {
            pace.restSent(nowNs);
        }
        awaited = Awaited.RESPONSE;
        heldSinceNs = NEVER;
        heldUntilNs = NEVER;
        payloadSeen = false;
        sentNs = nowNs;
        silentSinceNs = nowNs;
    }

    // ------------------------------------------------------------------------------------------------------- questions
    // Each of them ends the wait when what was awaited has come, or has taken too long, which it counts.

    /** Whether this payload packet, the next in order, may be sent as far as the target's answers matter. */
    boolean maySend(Packet packet, long nowNs) {
        return switch (awaited) {
            case NOTHING -> true;
            case GREETING -> greetingGivenUp(nowNs);
            case RESPONSE ->
                requests.continuesSent(packet)
                        || !context.settings.waitForResponse()
                        || isHurried()
                        || isAnsweredAlike(packet)
                        || nothingAwaited(nowNs)
                        || isReached(packet, nowNs)
                        || isGivenUp(PAYLOAD_LIMIT_NS, nowNs);
        };
    }

    private boolean isAnsweredAlike(Packet packet) {
        if (!pace.isAnsweredAlike(packet)) {
            return false;
        }
        awaited = Awaited.NOTHING;
        return true;
    }

    private boolean isReached(Packet packet, long nowNs) {
        return pace.isTogether(packet, nowNs)
                || pace.isReached(packet.clientAck(), packet.acknowledges(), packet.clientNs(), nowNs);
    }

    /**
     * Whether the connection may be closed as far as the target's answers matter.
     *
     * @param ack what the client acknowledged when it closed
     * @param acknowledges whether it acknowledged anything
     * @param clientNs when that was, in its time
     */
    boolean mayClose(int ack, boolean acknowledges, long clientNs, long nowNs) {
        if (nothingAwaited(nowNs)) {
            return true;
        }
        // Asked in any case: the pause that it tells of is then this one.
        boolean reached = awaited == Awaited.RESPONSE && pace.isReached(ack, acknowledges, clientNs, nowNs);
        if (reached && !pace.isAhead() && pace.hasAnsweredLast() && !pace.isTargetOwing()) {
            awaited = Awaited.NOTHING;
            return true;
        }
        return isGivenUp(CLOSING_LIMIT_NS, nowNs);
    }

    /** Whether the connection may be closed since the clients say nothing more. */
    boolean mayEnd(long nowNs) {
        return nothingAwaited(nowNs) || isGivenUp(CLOSING_LIMIT_NS, nowNs);
    }

    /** Whether something has waited for the response for too long, which then is awaited no more. */
    private boolean isGivenUp(long limitNs, long nowNs) {
        if (awaited != Awaited.RESPONSE) {
            return false;
        }
        noteHeld(nowNs);
        heldUntilNs = heldSinceNs + limitNs;
        if (nowNs < heldUntilNs) {
            return false;
        }
        context.count(SessionCounter.RESPONSE_WITHOUT_END);
        awaited = Awaited.NOTHING;
        return true;
    }

    /** Whether nothing more is awaited of the target: what was awaited has come, or is given up. */
    boolean nothingAwaited(long nowNs) {
        return switch (awaited) {
            case NOTHING -> true;
            case GREETING -> greetingGivenUp(nowNs);
            case RESPONSE -> {
                noteHeld(nowNs);
                boolean over = isComplete(nowNs) || silenceTooLong(nowNs);
                awaited = over ? Awaited.NOTHING : Awaited.RESPONSE;
                yield over;
            }
        };
    }

    private void noteHeld(long nowNs) {
        if (heldSinceNs == NEVER) {
            heldSinceNs = nowNs;
        }
    }

    private boolean greetingGivenUp(long nowNs) {
        if (nowNs < greetingLimitNs) {
            return false;
        }
        context.count(SessionCounter.GREETING_NOT_AWAITED);
        greetingGivenUp = true;
        awaited = Awaited.NOTHING;
        return true;
    }

    /** Where many requests wait the copy lags behind: the client counts as nearer than it is, so that it waits less. */
    private boolean isComplete(long nowNs) {
        if (!payloadSeen) {
            return false;
        }
        completeAssumed =
                clientRoundTrip.isShortest() && window.hasUnsentPayload() && !pace.hasSentTogether() && !lastFullSized;
        if (completeAssumed) {
            return true;
        }
        if (nowNs < completeNs()) {
            return false;
        }
        if (window.requests() > MANY_REQUESTS) {
            clientRoundTrip.halve();
        }
        return true;
    }

    private boolean silenceTooLong(long nowNs) {
        if (nowNs < silenceLimitNs()) {
            return false;
        }
        context.count(SessionCounter.RESPONSE_NOT_AWAITED);
        return true;
    }

    /** When the response counts as complete: nothing came for a while, and all of it is acknowledged. */
    private long completeNs() {
        boolean last = !window.hasUnsentPayload();
        long rttNs = clientRoundTrip.ns();
        long leastNs = last && pace.isTargetOwing() ? OWING_QUIET_NS : Math.max(ClientRoundTrip.MIN_NS, pace.quietNs());
        if (lastFullSized) {
            leastNs = Math.max(
                    leastNs, Math.min(OWING_QUIET_NS, MORE_FOLLOWS_ROUND_TRIPS * retransmission.roundTripNs()));
        }
        long quietNs = lastPayloadNs + Math.max(leastNs, lastFullSized && last ? rttNs : rttNs / 2);
        long acknowledgedNs = delayedAck.deadlineNs();
        return acknowledgedNs == NEVER ? quietNs : Math.max(acknowledgedNs, quietNs);
    }

    /**
     * When a target that has acknowledged everything has been silent for too long, while something waited: a client that waits itself may
     * get its answer as late from its own server.
     */
    private long silenceLimitNs() {
        long sinceNs = heldSinceNs == NEVER ? silentSinceNs : Math.max(silentSinceNs, heldSinceNs);
        return tcb.inFlight() > 0 ? NEVER : sinceNs + ANSWER_LIMIT_NS;
    }

    /** When to look again, while something waits. */
    long deadlineNs() {
        return switch (awaited) {
            case NOTHING -> NEVER;
            case GREETING -> greetingLimitNs;
            case RESPONSE ->
                Math.min(
                        Math.min(silenceLimitNs(), payloadSeen ? completeNs() : NEVER),
                        Math.min(heldUntilNs, pace.pauseEndsNs()));
        };
    }

    // ----------------------------------------------------------------------------------------------------------- hurry

    /** From now on answers are not waited for: another connection of the client needs the addresses and ports. A greeting is, but not long. */
    void hurry(long nowNs) {
        if (!isHurried()) {
            hurryUntilNs = nowNs + HURRY_LIMIT_NS;
            greetingLimitNs = Math.min(greetingLimitNs, nowNs + HURRIED_LIMIT_NS);
        }
    }

    /** Whether answers are not waited for any more. */
    boolean isHurried() {
        return hurryUntilNs != NEVER;
    }

    /** When what has not been sent by then is given up. */
    long hurryUntilNs() {
        return hurryUntilNs;
    }
}
