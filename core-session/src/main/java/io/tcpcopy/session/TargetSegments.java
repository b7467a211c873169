package io.tcpcopy.session;

import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import java.nio.ByteBuffer;

/**
 * Makes and sends target packets: rewrites what the client sent, and makes SYNs, ACKs and RSTs of our own. A packet's
 * checksum is summed over all of it once; what changes at each sending (acknowledgement, timestamps) changes it
 * incrementally.
 */
final class TargetSegments {
    /** Announced in every packet: the client's own window would stall the target. */
    private static final int WINDOW = 65535;
    /** Time to live of packets made here, as Linux has it. */
    private static final int TTL = 64;
    /** Two paddings and the timestamps. */
    private static final int PADDED_TIMESTAMPS_LENGTH = 2 + TcpOptions.TIMESTAMPS_LENGTH;

    private static final int MAX_CONTROL_LENGTH = Ipv4Header.MIN_LENGTH + TcpHeader.MAX_LENGTH;
    private static final int KEPT_FLAGS = ~(TcpHeader.ECE | TcpHeader.CWR);

    private final SessionContext context;
    private final TargetLink link;
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final ByteBuffer control = ByteBuffer.allocateDirect(MAX_CONTROL_LENGTH);
    private int nextId;

    TargetSegments(SessionContext context, TargetLink link) {
        this.context = context;
        this.link = link;
    }

    /** Copies the current part of a client packet into a packet for the session's target. */
    Packet copy(Session session, ClientPacket client) {
        int tcpLength = client.tcpHeaderLength();
        int length = Ipv4Header.MIN_LENGTH + tcpLength + client.payloadLength();
        Packet packet = context.pool.take(length);
        ByteBuffer buffer = packet.buffer;
        int tcpOffset = packet.tcpOffset();
        int optionsStart = tcpOffset + TcpHeader.MIN_LENGTH;
        int optionsEnd = tcpOffset + tcpLength;

        writeIp(buffer, packet.offset, session, length);
        ip.typeOfService(client.ip().typeOfServiceWithoutEcn())
                .id(client.id())
                .dontFragment(client.ip().dontFragment())
                .ttl(client.ip().ttl());
        buffer.put(tcpOffset, client.buffer(), client.tcpOffset(), tcpLength);
        buffer.put(optionsEnd, client.buffer(), client.payloadOffset(), client.payloadLength());
        TcpOptions.keepBasic(buffer, optionsStart, optionsEnd);

        packet.length = length;
        packet.id = client.id();
        packet.seq = client.seq();
        packet.payloadLength = client.payloadLength();
        packet.flags = client.flags() & KEPT_FLAGS | (client.isSyn() ? 0 : TcpHeader.ACK);
        packet.clientAck = client.ack();
        packet.acknowledges = client.acknowledges();
        packet.beginsRequest = false;
        packet.sent = false;
        packet.enteredNs = context.clients.nowNs();
        packet.timestampsIndex =
                TcpOptions.find(buffer, optionsStart, optionsEnd, TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);

        int urgent = client.urgentPointer();
        if (urgent <= 0) {
            packet.flags &= ~TcpHeader.URG;
        }
        writeTcp(buffer, tcpOffset, session, packet.seq, packet.flags, tcpLength);
        tcp.ack(0).urgentPointer(Math.max(urgent, 0));
        sum(packet, session);
        return packet;
    }

    /** A SYN made here, with the MSS option alone. */
    Packet makeSyn(Session session, int seq) {
        int tcpLength = TcpHeader.MIN_LENGTH + TcpOptions.MSS_LENGTH;
        int length = Ipv4Header.MIN_LENGTH + tcpLength;
        Packet packet = context.pool.take(length);
        writeIp(packet.buffer, packet.offset, session, length);
        writeTcp(packet.buffer, packet.tcpOffset(), session, seq, TcpHeader.SYN, tcpLength);
        tcp.ack(0).urgentPointer(0);
        int option = packet.tcpOffset() + TcpHeader.MIN_LENGTH;
        packet.buffer.put(option, (byte) TcpOptions.MSS);
        packet.buffer.put(option + 1, (byte) TcpOptions.MSS_LENGTH);
        packet.buffer.putShort(option + 2, (short) context.settings.mss());

        packet.length = length;
        packet.id = 0;
        packet.seq = seq;
        packet.payloadLength = 0;
        packet.flags = TcpHeader.SYN;
        packet.clientAck = 0;
        packet.acknowledges = false;
        packet.beginsRequest = false;
        packet.sent = false;
        packet.enteredNs = context.clients.nowNs();
        packet.timestampsIndex = TcpOptions.ABSENT;
        sum(packet, session);
        return packet;
    }

    /**
     * Takes the first payload bytes off a packet.
     *
     * @param bytes 0 to all of the payload
     */
    void trim(Session session, Packet packet, int bytes) {
        int payload = packet.payloadOffset();
        packet.buffer.put(payload, packet.buffer, payload + bytes, packet.payloadLength - bytes);
        packet.seq += bytes;
        tcp.wrap(packet.buffer, packet.tcpOffset());
        int urgent = tcp.urgentPointer() - bytes;
        if (urgent <= 0) {
            packet.flags &= ~TcpHeader.URG;
        }
        tcp.urgentPointer(Math.max(urgent, 0));
        resize(session, packet, packet.payloadLength - bytes);
    }

    /** How much payload a packet with these headers may have, in bytes: what the MTU leaves, and at least one. */
    int most(Packet packet) {
        return Math.max(1, context.mtu - (packet.length - packet.payloadLength));
    }

    /**
     * Cuts a packet in two.
     *
     * @param bytes payload of the first one, less than there is
     * @return the first one; the packet itself keeps the rest
     */
    Packet split(Session session, Packet packet, int bytes) {
        int headers = packet.length - packet.payloadLength;
        Packet head = context.pool.take(headers + bytes);
        head.buffer.put(head.offset, packet.buffer, packet.offset, headers + bytes);
        head.length = packet.length;
        head.id = packet.id;
        head.seq = packet.seq;
        head.payloadLength = packet.payloadLength;
        head.flags = packet.flags & ~(TcpHeader.FIN | TcpHeader.PSH);
        head.clientAck = packet.clientAck;
        head.acknowledges = packet.acknowledges;
        head.beginsRequest = packet.beginsRequest;
        head.sent = packet.sent;
        head.enteredNs = packet.enteredNs;
        head.timestampsIndex = packet.timestampsIndex == TcpOptions.ABSENT
                ? TcpOptions.ABSENT
                : packet.timestampsIndex - packet.offset + head.offset;
        resize(session, head, bytes);
        packet.beginsRequest = false;
        trim(session, packet, bytes);
        return head;
    }

    private void resize(Session session, Packet packet, int payloadLength) {
        packet.length += payloadLength - packet.payloadLength;
        packet.payloadLength = payloadLength;
        ip.wrap(packet.buffer, packet.offset).totalLength(packet.length);
        tcp.wrap(packet.buffer, packet.tcpOffset()).seq(packet.seq).flags(packet.flags);
        sum(packet, session);
    }

    /** Sends a packet of the window, with what the target is to be told now. */
    void send(Session session, Packet packet) {
        if (!packet.isSyn()) {
            acknowledge(packet, session.rcvNxt());
        }
        if (packet.timestampsIndex != TcpOptions.ABSENT) {
            stamp(session, packet);
        }
        context.count(SessionCounter.SENT);
        link.send(packet.buffer, packet.offset, packet.length);
        if (!packet.isSyn()) {
            session.acknowledging.carried();
        }
    }

    private void acknowledge(Packet packet, int number) {
        tcp.wrap(packet.buffer, packet.tcpOffset());
        int checksum = Checksum.updateInt(tcp.checksum(), tcp.ack(), number);
        tcp.ack(number).checksum(checksum);
    }

    /** Fills in the timestamps, or takes them out where the target does not want them. */
    private void stamp(Session session, Packet packet) {
        ByteBuffer buffer = packet.buffer;
        int index = packet.timestampsIndex;
        if (!packet.isSyn() && !session.timestamps.agreed()) {
            TcpOptions.fillWithNop(buffer, index, index + TcpOptions.TIMESTAMPS_LENGTH);
            packet.timestampsIndex = TcpOptions.ABSENT;
            sum(packet, session);
            return;
        }
        int valueIndex = TcpOptions.timestampValueIndex(index);
        int echoIndex = TcpOptions.timestampEchoIndex(index);
        int value = session.timestamps.advance(buffer.getInt(valueIndex));
        int echo = packet.isSyn() ? 0 : session.timestamps.echo();
        put(packet, session, valueIndex, value);
        put(packet, session, echoIndex, echo);
    }

    private void put(Packet packet, Session session, int index, int value) {
        int before = packet.buffer.getInt(index);
        packet.buffer.putInt(index, value);
        if ((index - packet.offset) % Short.BYTES == 0) {
            tcp.wrap(packet.buffer, packet.tcpOffset());
            tcp.checksum(Checksum.updateInt(tcp.checksum(), before, value));
        } else {
            sum(packet, session);
        }
    }

    /** Sends an ACK made here. */
    void sendAck(Session session, int seq) {
        int tcpLength = TcpHeader.MIN_LENGTH + (session.timestamps.agreed() ? PADDED_TIMESTAMPS_LENGTH : 0);
        writeControl(session, seq, TcpHeader.ACK, session.rcvNxt(), tcpLength);
        if (session.timestamps.agreed()) {
            int option = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
            control.put(option, (byte) TcpOptions.NOP);
            control.put(option + 1, (byte) TcpOptions.NOP);
            control.put(option + 2, (byte) TcpOptions.TIMESTAMPS);
            control.put(option + 3, (byte) TcpOptions.TIMESTAMPS_LENGTH);
            control.putInt(TcpOptions.timestampValueIndex(option + 2), session.timestamps.last());
            control.putInt(TcpOptions.timestampEchoIndex(option + 2), session.timestamps.echo());
        }
        sendControl(session.clientAddress, session.transfer.targetAddress(), tcpLength);
        session.acknowledging.carried();
    }

    /** Sends an RST of our own accord: numbered as the target expects it. */
    void sendReset(Session session) {
        boolean acknowledges = session.state() == TcpState.ESTABLISHED;
        int flags = acknowledges ? TcpHeader.RST | TcpHeader.ACK : TcpHeader.RST;
        writeControl(session, session.sndNxt(), flags, acknowledges ? session.rcvNxt() : 0, TcpHeader.MIN_LENGTH);
        sendControl(session.clientAddress, session.transfer.targetAddress(), TcpHeader.MIN_LENGTH);
        context.count(SessionCounter.SENT_RESETS);
    }

    /** Answers a response with an RST: numbered with what it acknowledges (RFC 9293, section 3.10.7.1). */
    void answerWithReset(Response response, Transfer transfer) {
        writeHeaders(
                response.clientAddress(),
                response.clientPort(),
                transfer.targetAddress(),
                transfer.targetPort(),
                response.ack(),
                TcpHeader.RST,
                0,
                TcpHeader.MIN_LENGTH);
        sendControl(response.clientAddress(), transfer.targetAddress(), TcpHeader.MIN_LENGTH);
        context.count(SessionCounter.SENT_RESETS);
    }

    private void writeControl(Session session, int seq, int flags, int ack, int tcpLength) {
        writeHeaders(
                session.clientAddress,
                session.clientPort,
                session.transfer.targetAddress(),
                session.transfer.targetPort(),
                seq,
                flags,
                ack,
                tcpLength);
    }

    private void writeHeaders(
            int clientAddress,
            int clientPort,
            int targetAddress,
            int targetPort,
            int seq,
            int flags,
            int ack,
            int tcpLength) {
        writeIp(control, 0, clientAddress, targetAddress, Ipv4Header.MIN_LENGTH + tcpLength);
        writeTcp(control, Ipv4Header.MIN_LENGTH, clientPort, targetPort, seq, flags, tcpLength);
        tcp.ack(ack).urgentPointer(0);
    }

    private void sendControl(int clientAddress, int targetAddress, int tcpLength) {
        tcp.wrap(control, Ipv4Header.MIN_LENGTH)
                .checksum(Checksum.tcp(control, clientAddress, targetAddress, Ipv4Header.MIN_LENGTH, tcpLength));
        context.count(SessionCounter.SENT);
        link.send(control, 0, Ipv4Header.MIN_LENGTH + tcpLength);
    }

    private void writeIp(ByteBuffer buffer, int offset, Session session, int length) {
        writeIp(buffer, offset, session.clientAddress, session.transfer.targetAddress(), length);
    }

    private void writeIp(ByteBuffer buffer, int offset, int source, int destination, int length) {
        ip.wrap(buffer, offset)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(0)
                .totalLength(length)
                .id(nextId++)
                .dontFragment(true)
                .ttl(TTL)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .checksum(0)
                .source(source)
                .destination(destination);
    }

    private void writeTcp(ByteBuffer buffer, int offset, Session session, int seq, int flags, int tcpLength) {
        writeTcp(buffer, offset, session.clientPort, session.transfer.targetPort(), seq, flags, tcpLength);
    }

    private void writeTcp(
            ByteBuffer buffer, int offset, int sourcePort, int destinationPort, int seq, int flags, int tcpLength) {
        tcp.wrap(buffer, offset)
                .sourcePort(sourcePort)
                .destinationPort(destinationPort)
                .seq(seq)
                .headerLength(tcpLength)
                .flags(flags)
                .window(WINDOW);
    }

    private void sum(Packet packet, Session session) {
        tcp.wrap(packet.buffer, packet.tcpOffset())
                .checksum(Checksum.tcp(
                        packet.buffer,
                        session.clientAddress,
                        session.transfer.targetAddress(),
                        packet.tcpOffset(),
                        packet.length - Ipv4Header.MIN_LENGTH));
    }
}
