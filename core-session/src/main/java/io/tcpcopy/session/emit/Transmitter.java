package io.tcpcopy.session.emit;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.PacketPart;
import java.nio.ByteBuffer;

/** Sends packets to the targets: parts of those of windows, with what is to be acknowledged now, and ACKs and RSTs of our own. */
public final class Transmitter {
    private static final int OPTIONS_OFFSET = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;

    private final TargetLink link;
    private final Counters<SessionCounter> counters;
    private final HeaderWriter headers = new HeaderWriter();
    /** The headers of the packet that leaves. */
    private final ByteBuffer bytes = ByteBuffer.allocateDirect(Ipv4Header.MIN_LENGTH + TcpHeader.MAX_LENGTH);

    private final OutgoingPacket outgoing = new OutgoingPacket();

    /** Sends through this link, and counts what leaves. */
    public Transmitter(TargetLink link, Counters<SessionCounter> counters) {
        this.link = link;
        this.counters = counters;
    }

    /** Whether packets with payload should be sent by a flow now: those that wait will have to wait if not. */
    public boolean hasRoom(Flow flow) {
        return link.hasRoom(flow.serverAddress(), flow.serverPort());
    }

    /**
     * Sends a part of a packet of a window.
     *
     * @param flow between whom it goes
     * @param segmentSize how many bytes of its payload a segment takes, at least 1
     * @param ack the next number expected of the target; a SYN acknowledges nothing
     */
    public void send(PacketPart part, Flow flow, int segmentSize, int ack, Timestamps timestamps) {
        Packet packet = part.packet();
        int optionsLength = packet.optionsLength();
        write(flow, optionsLength)
                .seq(part.seq())
                .ack(packet.isSyn() ? 0 : ack)
                .flags(part.flags())
                .urgentPointer(part.urgentPointer());
        outgoing.ip().typeOfService(packet.typeOfService());
        bytes.put(OPTIONS_OFFSET, packet.buffer(), packet.optionsOffset(), optionsLength);
        stamp(packet, timestamps);
        outgoing.payload(packet.buffer(), part.payloadOffset(), part.payloadLength(), segmentSize);
        if (part.payloadLength() > 0 && !packet.hasLeft()) {
            outgoing.capturedNs(packet.capturedNs());
        }
        transmit();
    }

    /** Fills in the timestamps, or takes them out where the target does not want them. */
    private void stamp(Packet packet, Timestamps timestamps) {
        int end = OPTIONS_OFFSET + packet.optionsLength();
        int option = TcpOptions.find(bytes, OPTIONS_OFFSET, end, TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);
        if (option == TcpOptions.ABSENT) {
            return;
        }
        if (!packet.isSyn() && !timestamps.agreed()) {
            TcpOptions.fillWithNop(bytes, option, option + TcpOptions.TIMESTAMPS_LENGTH);
            return;
        }
        int value = TcpOptions.timestampValueIndex(option);
        bytes.putInt(value, timestamps.advance(bytes.getInt(value)));
        bytes.putInt(TcpOptions.timestampEchoIndex(option), packet.isSyn() ? 0 : timestamps.echo());
    }

    private void transmit() {
        counters.increment(SessionCounter.SENT);
        link.send(outgoing);
    }

    /** Sends an ACK. */
    public void sendAck(Flow flow, int seq, int ack, Timestamps timestamps) {
        int optionsLength = timestamps.agreed() ? TcpOptions.PADDED_TIMESTAMPS_LENGTH : 0;
        write(flow, optionsLength).seq(seq).ack(ack).flags(TcpHeader.ACK);
        if (timestamps.agreed()) {
            TcpOptions.putPaddedTimestamps(bytes, OPTIONS_OFFSET, timestamps.last(), timestamps.echo());
        }
        transmit();
    }

    /** Sends an RST that acknowledges nothing. */
    public void sendReset(Flow flow, int seq) {
        write(flow, 0).seq(seq).flags(TcpHeader.RST);
        transmitReset();
    }

    /** Sends an RST that acknowledges what was received. */
    public void sendReset(Flow flow, int seq, int ack) {
        write(flow, 0).seq(seq).ack(ack).flags(TcpHeader.RST | TcpHeader.ACK);
        transmitReset();
    }

    private void transmitReset() {
        transmit();
        counters.increment(SessionCounter.SENT_RESETS);
    }

    /** Begins a packet without payload, up to its options. */
    private TcpHeader write(Flow flow, int optionsLength) {
        outgoing.headers(bytes, 0, OPTIONS_OFFSET + optionsLength);
        headers.ip(bytes, 0, flow);
        return headers.tcp(bytes, Ipv4Header.MIN_LENGTH, flow, TcpHeader.MIN_LENGTH + optionsLength);
    }
}
