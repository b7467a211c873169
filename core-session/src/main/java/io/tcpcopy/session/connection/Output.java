package io.tcpcopy.session.connection;

import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.emit.Timestamps;
import io.tcpcopy.session.window.Packet;
import java.util.concurrent.TimeUnit;

/**
 * What leaves of a session: packets, with its flow and with the acknowledgement and the timestamps of the moment; and before
 * them the route by which the answers come back.
 */
final class Output {
    /** intercept forgets a route that nothing has used for so long, or longer (its option -t). */
    private static final long ROUTE_LIFE_NS = TimeUnit.SECONDS.toNanos(300);
    /** What is not answered may have been, without a route; the tunnel must not carry one for each repetition. */
    private static final long MIN_ROUTE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final SessionIdentity identity;
    private final Tcb tcb;
    private final Timestamps timestamps;
    private final DelayedAck delayedAck;
    private final SessionContext context;

    private long announcedNs;

    Output(SessionIdentity identity, Tcb tcb, Timestamps timestamps, DelayedAck delayedAck, SessionContext context) {
        this.identity = identity;
        this.tcb = tcb;
        this.timestamps = timestamps;
        this.delayedAck = delayedAck;
        this.context = context;
    }

    /** Tells the intercepts which responses are wanted; returns whether any is told. */
    boolean announceRoute(long nowNs) {
        announcedNs = nowNs;
        return context.routes.add(identity.number(), identity.flow());
    }

    /**
     * Something is not answered: the intercepts are told once more which responses are wanted. One of them may have given the
     * route up, because it was full, or took a late FIN or RST of an older connection for this one's.
     */
    void renewRoute(long nowNs) {
        if (nowNs - announcedNs >= MIN_ROUTE_INTERVAL_NS) {
            announceRoute(nowNs);
        }
    }

    /** Sends the SYN, for the first time or again. */
    void sendSyn(Packet syn) {
        context.transmitter.send(syn, 0, timestamps);
    }

    /** Sends a packet of the window for the first time. */
    void sendNew(Packet packet, long nowNs) {
        if (nowNs - announcedNs > ROUTE_LIFE_NS) {
            announceRoute(nowNs);
        }
        send(packet);
    }

    /** Sends a packet of the window again. */
    void sendAgain(Packet packet) {
        send(packet);
    }

    private void send(Packet packet) {
        tcb.handshakeAckSent = true;
        context.transmitter.send(packet, tcb.rcvNxt, timestamps);
        delayedAck.clear();
    }

    /** Sends an ACK now, whatever there is to acknowledge; none while no intercept could return the answer. */
    void ack() {
        if (!context.pause.isOn()) {
            sendAck(tcb.sndNxt);
        }
    }

    /** Sends an ACK numbered one too low, which the target answers with its window. */
    void windowProbe() {
        sendAck(tcb.sndNxt - 1);
    }

    private void sendAck(int seq) {
        tcb.handshakeAckSent = true;
        context.transmitter.sendAck(identity.flow(), seq, tcb.rcvNxt, timestamps);
        delayedAck.clear();
    }

    /** Sends an RST of our own accord: numbered as the target expects it. */
    void reset() {
        if (tcb.state == TcpState.ESTABLISHED) {
            context.transmitter.sendReset(identity.flow(), tcb.sndNxt, tcb.rcvNxt);
        } else {
            context.transmitter.sendReset(identity.flow(), tcb.sndNxt);
        }
    }

    /** Answers a response with an RST: numbered with what it acknowledges (RFC 9293, section 3.10.7.1). */
    void resetAnswering(Response response) {
        context.transmitter.sendReset(identity.flow(), response.ack());
    }
}
