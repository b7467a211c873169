package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.packet.TcpSeq;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * A TCP packet on the simulated networks.
 *
 * @param id IP identification
 * @param window as it stands in the header, not scaled
 */
record TcpPacket(
        Endpoint source,
        Endpoint destination,
        int id,
        int flags,
        int seq,
        int ack,
        int window,
        Options options,
        byte[] payload) {

    /** Of the byte that holds the header's length. */
    private static final int HEADER_LENGTH_OFFSET = 12;

    /**
     * What stands behind the header.
     *
     * @param mss maximum segment size, or {@link TcpOptions#ABSENT}
     * @param windowScale shift of the windows, or {@link TcpOptions#ABSENT}
     * @param timestamps whether the two timestamps are there
     */
    record Options(int mss, int windowScale, boolean timestamps, int value, int echo) {
        static final Options NONE = new Options(TcpOptions.ABSENT, TcpOptions.ABSENT, false, 0, 0);

        private int length() {
            return (mss == TcpOptions.ABSENT ? 0 : TcpOptions.MSS_LENGTH)
                    + (windowScale == TcpOptions.ABSENT ? 0 : 1 + TcpOptions.WINDOW_SCALE_LENGTH)
                    + (timestamps ? 2 + TcpOptions.TIMESTAMPS_LENGTH : 0);
        }
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    boolean isSyn() {
        return has(TcpHeader.SYN);
    }

    boolean isFin() {
        return has(TcpHeader.FIN);
    }

    boolean isRst() {
        return has(TcpHeader.RST);
    }

    int length() {
        return payload.length;
    }

    /** Of all of it, in bytes. */
    int totalLength() {
        return Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH + options.length() + payload.length;
    }

    /** The number behind the packet: SYN and FIN count as one each. */
    int end() {
        return seq + payload.length + (isSyn() ? 1 : 0) + (isFin() ? 1 : 0);
    }

    /** A number for source and destination together. */
    long ends() {
        return key(source) * 0x9E3779B97F4A7C15L + key(destination);
    }

    private static long key(Endpoint end) {
        return (long) end.address().bits() << Short.SIZE | end.port();
    }

    /** A number that packets that differ hardly have in common; the same in each virtual machine. */
    long mark() {
        return (ends() * 31 + seq) * 31 + ack + ((long) flags << Integer.SIZE) + (long) length() << Byte.SIZE;
    }

    /** The packet with the payload and the PSH flag of the one behind it added, as offloading does. */
    TcpPacket mergedWith(TcpPacket next) {
        byte[] both = Arrays.copyOf(payload, payload.length + next.payload.length);
        System.arraycopy(next.payload, 0, both, payload.length, next.payload.length);
        return new TcpPacket(source, destination, id, flags | next.flags, seq, ack, window, options, both);
    }

    /** The packet with other payload of the same length. */
    TcpPacket withPayload(byte[] other) {
        return new TcpPacket(source, destination, id, flags, seq, ack, window, options, other);
    }

    /** Reads a packet, whose IPv4 header has no options. */
    static TcpPacket read(ByteBuffer buffer) {
        TcpPacket packet = readHeaders(buffer, 0);
        buffer.get(buffer.limit() - packet.length(), packet.payload);
        return packet;
    }

    /** Reads a packet's headers; of its payload the length alone is what it was. */
    static TcpPacket readHeaders(ByteBuffer buffer, int offset) {
        Ipv4Header ip = new Ipv4Header().wrap(buffer, offset);
        TcpHeader tcp = new TcpHeader().wrap(buffer, offset + Ipv4Header.MIN_LENGTH);
        int payloadOffset = tcp.offset() + tcp.headerLength();
        byte[] payload = new byte[offset + ip.totalLength() - payloadOffset];
        return new TcpPacket(
                Endpoint.ipv4(ip.source(), tcp.sourcePort()),
                Endpoint.ipv4(ip.destination(), tcp.destinationPort()),
                ip.id(),
                tcp.flags(),
                tcp.seq(),
                tcp.ack(),
                tcp.window(),
                readOptions(buffer, tcp.offset() + TcpHeader.MIN_LENGTH, payloadOffset),
                payload);
    }

    private static Options readOptions(ByteBuffer buffer, int start, int end) {
        int mss = TcpOptions.find(buffer, start, end, TcpOptions.MSS, TcpOptions.MSS_LENGTH);
        int scale = TcpOptions.find(buffer, start, end, TcpOptions.WINDOW_SCALE, TcpOptions.WINDOW_SCALE_LENGTH);
        int stamps = TcpOptions.find(buffer, start, end, TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);
        boolean timestamps = stamps != TcpOptions.ABSENT;
        return new Options(
                mss == TcpOptions.ABSENT ? mss : TcpOptions.mss(buffer, mss),
                scale == TcpOptions.ABSENT ? scale : TcpOptions.windowScale(buffer, scale),
                timestamps,
                timestamps ? buffer.getInt(TcpOptions.timestampValueIndex(stamps)) : 0,
                timestamps ? buffer.getInt(TcpOptions.timestampEchoIndex(stamps)) : 0);
    }

    /** The whole packet, its TCP checksum included. One of more than 64 KB says no length, as in Linux (BIG TCP). */
    ByteBuffer toBytes() {
        int tcpLength = TcpHeader.MIN_LENGTH + options.length();
        int headers = Ipv4Header.MIN_LENGTH + tcpLength;
        ByteBuffer buffer = ByteBuffer.allocate(headers + payload.length);
        new Ipv4Header()
                .wrap(buffer, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(0)
                .totalLength(totalLength() <= Ipv4Header.MAX_TOTAL_LENGTH ? totalLength() : 0)
                .id(id)
                .dontFragment(true)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(source.address().bits())
                .destination(destination.address().bits());
        TcpHeader tcp = new TcpHeader()
                .wrap(buffer, Ipv4Header.MIN_LENGTH)
                .sourcePort(source.port())
                .destinationPort(destination.port())
                .seq(seq)
                .ack(ack)
                .headerLength(tcpLength)
                .flags(flags)
                .window(window)
                .urgentPointer(0);
        writeOptions(buffer, Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH);
        buffer.put(headers, payload);
        tcp.checksum(checksum(buffer, tcp.offset()));
        return buffer;
    }

    private int checksum(ByteBuffer buffer, int offset) {
        int from = source.address().bits();
        int to = destination.address().bits();
        return Checksum.tcp(buffer, from, to, offset, buffer.limit() - offset);
    }

    /** The whole packet, with the sum of the pseudo header alone in place of its checksum. */
    ByteBuffer toBytesToBeFilledIn() {
        ByteBuffer buffer = toBytes();
        int segment = buffer.limit() - Ipv4Header.MIN_LENGTH;
        long sum = Checksum.pseudoHeader(
                source.address().bits(), destination.address().bits(), Ipv4Header.PROTOCOL_TCP, segment);
        new TcpHeader().wrap(buffer, Ipv4Header.MIN_LENGTH).checksum(~Checksum.finish(sum) & 0xFFFF);
        return buffer;
    }

    /** The whole packet, with any other checksum. */
    ByteBuffer toBytesWithWrongChecksum(int lot) {
        ByteBuffer buffer = toBytes();
        TcpHeader tcp = new TcpHeader().wrap(buffer, Ipv4Header.MIN_LENGTH);
        // Neither the right one nor that with another sign of zero.
        tcp.checksum(tcp.checksum() ^ 1 + Math.floorMod(lot, 0xFFFE));
        return buffer;
    }

    /** The whole packet, of which a bit behind the ports and but for the header's length was turned on its way. */
    ByteBuffer toDamagedBytes(int lot) {
        ByteBuffer buffer = toBytes();
        int first = Ipv4Header.MIN_LENGTH + 2 * Short.BYTES;
        int index;
        int next = lot;
        do {
            index = first + Math.floorMod(next, buffer.limit() - first);
            next = next * 31 + 1;
        } while (index == Ipv4Header.MIN_LENGTH + HEADER_LENGTH_OFFSET);
        buffer.put(index, (byte) (buffer.get(index) ^ 1 << (lot & 7)));
        return buffer;
    }

    /** Whether the checksum is by chance what stands there where the card is to make it: nobody could tell damage. */
    boolean looksUnfilled() {
        ByteBuffer buffer = toBytes();
        Ipv4Header ip = new Ipv4Header().wrap(buffer, 0);
        int length = ip.totalLength() - Ipv4Header.MIN_LENGTH;
        long pseudoHeader = Checksum.pseudoHeader(ip.source(), ip.destination(), ip.protocol(), length);
        int checksum = new TcpHeader().wrap(buffer, Ipv4Header.MIN_LENGTH).checksum();
        return checksum == (~Checksum.finish(pseudoHeader) & 0xFFFF);
    }

    private void writeOptions(ByteBuffer buffer, int start) {
        int index = start;
        if (options.mss != TcpOptions.ABSENT) {
            buffer.put(index, (byte) TcpOptions.MSS);
            buffer.put(index + 1, (byte) TcpOptions.MSS_LENGTH);
            buffer.putShort(index + 2, (short) options.mss);
            index += TcpOptions.MSS_LENGTH;
        }
        if (options.windowScale != TcpOptions.ABSENT) {
            buffer.put(index, (byte) TcpOptions.NOP);
            buffer.put(index + 1, (byte) TcpOptions.WINDOW_SCALE);
            buffer.put(index + 2, (byte) TcpOptions.WINDOW_SCALE_LENGTH);
            buffer.put(index + 3, (byte) options.windowScale);
            index += 1 + TcpOptions.WINDOW_SCALE_LENGTH;
        }
        if (options.timestamps) {
            buffer.put(index, (byte) TcpOptions.NOP);
            buffer.put(index + 1, (byte) TcpOptions.NOP);
            buffer.put(index + 2, (byte) TcpOptions.TIMESTAMPS);
            buffer.put(index + 3, (byte) TcpOptions.TIMESTAMPS_LENGTH);
            buffer.putInt(TcpOptions.timestampValueIndex(index + 2), options.value);
            buffer.putInt(TcpOptions.timestampEchoIndex(index + 2), options.echo);
        }
    }

    /** As in a dialogue, but that numbers of the client are counted from its SYN. */
    String toString(int clientIss, boolean ofClient) {
        int number = ofClient ? TcpSeq.distance(clientIss, seq) : seq;
        int acknowledged = ofClient ? ack : TcpSeq.distance(clientIss, ack);
        String letters = (isSyn() ? "S" : "")
                + (isFin() ? "F" : "")
                + (isRst() ? "R" : "")
                + (has(TcpHeader.PSH) ? "P" : "")
                + (has(TcpHeader.ACK) ? "." : "");
        String acknowledgement = has(TcpHeader.ACK) ? " ack " + acknowledged : "";
        return letters + " " + number + ":" + (number + end() - seq) + "(" + length() + ")" + acknowledgement + " win "
                + window;
    }
}
