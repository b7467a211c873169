package io.tcpcopy.session;

import static io.tcpcopy.session.SessionContext.MIN_RTT_NS;
import static io.tcpcopy.session.SessionContext.NEVER;

import io.tcpcopy.packet.TcpSeq;
import java.util.concurrent.TimeUnit;

/**
 * When the client's next payload may be sent, as far as it depends on what the target has said: a server that speaks
 * first is waited for, and so is the response to a request before the next one is sent.
 */
final class Pacing {
    /** What the target is to say before the client's next payload. */
    private enum Awaited {
        NOTHING,
        GREETING,
        RESPONSE
    }

    private static final long GREETING_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    private static final long SILENCE_LIMIT_NS = TimeUnit.SECONDS.toNanos(5);
    /** With more packets than these in the window the copy lags behind: wait less. */
    private static final int LONG_WINDOW = 64;
    /** Total lengths of segments that another one probably follows: usual MTUs. */
    private static final int[] USUAL_MTUS = {576, 1492, 1500};
    /** Segments of this total length and more were not cut yet: offloading. */
    private static final int UNCUT_LENGTH = 2048;

    private final Session session;
    private final SessionContext context;

    private Awaited awaited;
    private boolean acknowledgementKnown;
    private int firstAcknowledgement;
    private boolean lastAckUnknown;
    private long greetingLimitNs;
    private boolean payloadSent;
    private int lastPayloadAck;
    private int requestNumber;
    private boolean responseSeen;
    private boolean lastFullSized;
    private long lastResponsePayloadNs;
    private long lastHeardNs;

    Pacing(Session session, SessionContext context) {
        this.session = session;
        this.context = context;
    }

    /** A new target connection. Nothing is awaited before the first payload, unless the client shows it. */
    void begin() {
        awaited = Awaited.NOTHING;
        acknowledgementKnown = false;
        greetingLimitNs = NEVER;
        payloadSent = false;
        lastAckUnknown = false;
        responseSeen = false;
        lastHeardNs = context.nowNs;
    }

    /** A client packet: when its acknowledgement moves before the client has said anything, the server spoke first. */
    void clientAcknowledged(ClientPacket packet) {
        if (!packet.acknowledges()) {
            return;
        }
        if (!acknowledgementKnown) {
            acknowledgementKnown = true;
            firstAcknowledgement = packet.ack();
            if (lastAckUnknown) {
                lastAckUnknown = false;
                lastPayloadAck = firstAcknowledgement;
            }
        } else if (mayBeGreeted()
                && packet.seq() == session.iss() + 1
                && TcpSeq.greaterThan(packet.ack(), firstAcknowledgement)) {
            awaited = Awaited.GREETING;
            greetingLimitNs = context.nowNs + GREETING_LIMIT_NS;
        }
    }

    private boolean mayBeGreeted() {
        return awaited == Awaited.NOTHING && !payloadSent && !responseSeen && !session.handshake.isSynMade();
    }

    /** Whether this payload packet, the next in order, may be sent as far as the target's answers matter. */
    boolean maySend(Packet packet) {
        if (awaited == Awaited.NOTHING) {
            return true;
        }
        if (awaited == Awaited.GREETING) {
            return greetingGivenUp();
        }
        return packet.clientAck == lastPayloadAck
                || !context.settings.waitForResponse()
                || session.isDraining()
                || responseOver();
    }

    private boolean greetingGivenUp() {
        if (context.nowNs < greetingLimitNs && !session.isDraining()) {
            return false;
        }
        context.count(SessionCounter.GREETING_NOT_AWAITED);
        awaited = Awaited.NOTHING;
        return true;
    }

    /** Whether nothing more is awaited of the target: what was awaited has come, or is given up. */
    boolean responseOver() {
        if (awaited == Awaited.GREETING) {
            return greetingGivenUp();
        }
        if (awaited == Awaited.RESPONSE && (responseComplete() || silenceTooLong())) {
            awaited = Awaited.NOTHING;
        }
        return awaited == Awaited.NOTHING;
    }

    private boolean responseComplete() {
        if (!responseSeen) {
            return false;
        }
        if (isInternalUse() && session.window.hasUnsentPayload()) {
            return true;
        }
        if (context.nowNs < completeNs()) {
            return false;
        }
        if (session.window.size() > LONG_WINDOW) {
            session.halveRtt();
        }
        return true;
    }

    private boolean silenceTooLong() {
        if (context.nowNs < silenceLimitNs()) {
            return false;
        }
        context.count(SessionCounter.RESPONSE_NOT_AWAITED);
        return true;
    }

    /** When the response counts as complete: nothing came for a while, and all of it is acknowledged. */
    private long completeNs() {
        boolean patient = lastFullSized && !session.window.hasUnsentPayload();
        long quiet = Math.max(MIN_RTT_NS, patient ? session.rttNs() : session.rttNs() / 2);
        long acknowledged = session.acknowledging.deadlineNs();
        long quietSince = lastResponsePayloadNs + quiet;
        return acknowledged == NEVER ? quietSince : Math.max(acknowledged, quietSince);
    }

    /** When a target that has acknowledged everything has been silent for too long. */
    private long silenceLimitNs() {
        return session.inFlight() > 0 ? NEVER : lastHeardNs + SILENCE_LIMIT_NS;
    }

    /** Client and server are near: no use in waiting for the end of a response. */
    private boolean isInternalUse() {
        return session.rttNs() <= MIN_RTT_NS && session.queueing.isHandshakeSeen();
    }

    /** A payload packet has left for the first time. */
    void payloadSent(Packet packet) {
        if (!payloadSent || packet.clientAck != lastPayloadAck) {
            requestNumber = packet.seq;
        }
        payloadSent = true;
        // The payload of a SYN came before the client knew a number of the server.
        lastPayloadAck = packet.acknowledges ? packet.clientAck : firstAcknowledgement;
        lastAckUnknown = !packet.acknowledges && !acknowledgementKnown;
        awaited = Awaited.RESPONSE;
        responseSeen = false;
        lastHeardNs = context.nowNs;
    }

    /** Any response that fits. */
    void heard() {
        lastHeardNs = context.nowNs;
    }

    /** New payload of the target. What acknowledges nothing of the request still belongs to the response before. */
    void responsePayload(Response response) {
        if (awaited == Awaited.RESPONSE && TcpSeq.lessThanOrEqual(response.ack(), requestNumber)) {
            return;
        }
        responseSeen = true;
        lastResponsePayloadNs = context.nowNs;
        lastFullSized = isFullSized(response.totalLength());
        if (awaited == Awaited.GREETING) {
            awaited = Awaited.NOTHING;
            session.acknowledging.atOnce();
        }
    }

    /** The target has closed: it will not say more. */
    void targetClosed() {
        awaited = Awaited.NOTHING;
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

    /** Whether any payload was sent over this target connection. */
    boolean payloadWasSent() {
        return payloadSent;
    }

    /** What the client had acknowledged with the payload packet sent last. */
    int lastPayloadAck() {
        return lastPayloadAck;
    }

    /** When to look again, while something waits. */
    long deadlineNs() {
        return switch (awaited) {
            case NOTHING -> NEVER;
            case GREETING -> greetingLimitNs;
            case RESPONSE -> Math.min(silenceLimitNs(), responseSeen ? completeNs() : NEVER);
        };
    }
}
