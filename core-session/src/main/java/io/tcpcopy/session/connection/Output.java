package io.tcpcopy.session.connection;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.emit.Timestamps;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.PacketPart;
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

    /** Of both headers, without options. */
    private static final int HEADERS_LENGTH = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;

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

    /** Whether payload should be sent now. */
    boolean hasRoom() {
        return context.transmitter.hasRoom(identity.flow());
    }

    /** Sends the SYN, for the first time or again. */
    void sendSyn(Packet syn) {
        transmit(syn, syn.seq(), 0);
    }

    /**
     * How many bytes of a packet's payload a segment takes, at least 1: what the target and {@link Settings#mtu} allow, less the
     * TCP options (RFC 9293, section 3.7.1).
     */
    int segmentSize(Packet packet) {
        int most = Math.min(tcb.sndMss, context.settings.mtu() - HEADERS_LENGTH);
        return Math.max(1, most - packet.optionsLength());
    }

    /**
     * Sends a part of a packet of the window for the first time.
     *
     * @param seq where the part begins
     * @param payloadLength bytes of payload in it
     */
    void sendNew(Packet packet, int seq, int payloadLength, long nowNs) {
        if (nowNs - announcedNs > ROUTE_LIFE_NS) {
            announceRoute(nowNs);
        }
        send(packet, seq, payloadLength);
    }

    /**
     * Sends a segment of a packet of the window again.
     *
     * @param seq where the segment begins
     * @param most bytes of payload that may be sent again
     * @return how many were
     */
    int sendAgain(Packet packet, int seq, int most) {
        int payloadLength = Math.min(most, segmentSize(packet));
        context.counters.add(SessionCounter.RETRANSMITTED_BYTES, payloadLength);
        send(packet, seq, payloadLength);
        return payloadLength;
    }

    private void send(Packet packet, int seq, int payloadLength) {
        tcb.handshakeAckSent = true;
        transmit(packet, seq, payloadLength);
        delayedAck.clear();
    }

    private void transmit(Packet packet, int seq, int payloadLength) {
        PacketPart part = context.part.wrap(packet, seq, payloadLength);
        context.transmitter.send(part, identity.flow(), segmentSize(packet), tcb.rcvNxt, timestamps);
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
