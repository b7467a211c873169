package io.tcpcopy.session.emit;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.session.base.Identifications;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.session.window.Packet;
import java.nio.ByteBuffer;

/** Sends packets to the targets: those of windows, with what is to be acknowledged now, and ACKs and RSTs of our own. */
public final class Transmitter {
    /** Two paddings and the timestamps (RFC 7323, appendix A). */
    private static final int PADDED_TIMESTAMPS_LENGTH = 2 + TcpOptions.TIMESTAMPS_LENGTH;

    private static final int MAX_CONTROL_LENGTH = Ipv4Header.MIN_LENGTH + TcpHeader.MAX_LENGTH;

    private final TargetLink link;
    private final HeaderWriter headers;
    private final Counters<SessionCounter> counters;
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final Identifications identifications = new Identifications();
    private final ByteBuffer control = ByteBuffer.allocateDirect(MAX_CONTROL_LENGTH);

    /** Sends through this link, and counts what leaves. */
    public Transmitter(TargetLink link, HeaderWriter headers, Counters<SessionCounter> counters) {
        this.link = link;
        this.headers = headers;
        this.counters = counters;
    }

    /** Sends a packet of a window.
     *
     * @param ack the next number expected of the target; a SYN acknowledges nothing
     */
    public void send(Packet packet, int ack, Timestamps timestamps) {
        if (!packet.isSyn()) {
            acknowledge(packet, ack);
        }
        if (packet.timestampsIndex() != TcpOptions.ABSENT) {
            stamp(packet, timestamps);
        }
        transmit(packet.buffer(), packet.offset(), packet.length());
    }

    /** Every packet has an identification of its own, a repetition too. */
    private void transmit(ByteBuffer buffer, int offset, int length) {
        ip.wrap(buffer, offset).id(identifications.next());
        counters.increment(SessionCounter.SENT);
        link.send(buffer, offset, length);
    }

    private void acknowledge(Packet packet, int ack) {
        tcp.wrap(packet.buffer(), packet.tcpOffset());
        int checksum = Checksum.updateInt(tcp.checksum(), tcp.ack(), ack);
        tcp.ack(ack).checksum(checksum);
    }

    /** Fills in the timestamps, or takes them out where the target does not want them. */
    private void stamp(Packet packet, Timestamps timestamps) {
        ByteBuffer buffer = packet.buffer();
        int index = packet.timestampsIndex();
        if (!packet.isSyn() && !timestamps.agreed()) {
            TcpOptions.fillWithNop(buffer, index, index + TcpOptions.TIMESTAMPS_LENGTH);
            packet.timestampsIndex(TcpOptions.ABSENT);
            headers.checksum(buffer, packet.offset(), packet.length());
            return;
        }
        int valueIndex = TcpOptions.timestampValueIndex(index);
        put(packet, valueIndex, timestamps.advance(buffer.getInt(valueIndex)));
        put(packet, TcpOptions.timestampEchoIndex(index), packet.isSyn() ? 0 : timestamps.echo());
    }

    private void put(Packet packet, int index, int value) {
        int before = packet.buffer().getInt(index);
        packet.buffer().putInt(index, value);
        if ((index - packet.offset()) % Short.BYTES == 0) {
            tcp.wrap(packet.buffer(), packet.tcpOffset());
            tcp.checksum(Checksum.updateInt(tcp.checksum(), before, value));
        } else {
            headers.checksum(packet.buffer(), packet.offset(), packet.length());
        }
    }

    /** Sends an ACK. */
    public void sendAck(Flow flow, int seq, int ack, Timestamps timestamps) {
        boolean stamped = timestamps.agreed();
        int tcpLength = TcpHeader.MIN_LENGTH + (stamped ? PADDED_TIMESTAMPS_LENGTH : 0);
        write(flow, tcpLength).seq(seq).ack(ack).flags(TcpHeader.ACK);
        if (stamped) {
            int option = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
            control.put(option, (byte) TcpOptions.NOP);
            control.put(option + 1, (byte) TcpOptions.NOP);
            control.put(option + 2, (byte) TcpOptions.TIMESTAMPS);
            control.put(option + 3, (byte) TcpOptions.TIMESTAMPS_LENGTH);
            control.putInt(TcpOptions.timestampValueIndex(option + 2), timestamps.last());
            control.putInt(TcpOptions.timestampEchoIndex(option + 2), timestamps.echo());
        }
        sendControl(tcpLength);
    }

    /** Sends an RST that acknowledges nothing. */
    public void sendReset(Flow flow, int seq) {
        write(flow, TcpHeader.MIN_LENGTH).seq(seq).flags(TcpHeader.RST);
        sendReset();
    }

    /** Sends an RST that acknowledges what was received. */
    public void sendReset(Flow flow, int seq, int ack) {
        write(flow, TcpHeader.MIN_LENGTH).seq(seq).ack(ack).flags(TcpHeader.RST | TcpHeader.ACK);
        sendReset();
    }

    private void sendReset() {
        sendControl(TcpHeader.MIN_LENGTH);
        counters.increment(SessionCounter.SENT_RESETS);
    }

    private TcpHeader write(Flow flow, int tcpLength) {
        headers.ip(control, 0, flow, Ipv4Header.MIN_LENGTH + tcpLength);
        return headers.tcp(control, Ipv4Header.MIN_LENGTH, flow, tcpLength);
    }

    private void sendControl(int tcpLength) {
        int length = Ipv4Header.MIN_LENGTH + tcpLength;
        headers.checksum(control, 0, length);
        transmit(control, 0, length);
    }
}
