package io.tcpcopy.session.window;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.packet.TcpSeq;
import java.nio.ByteBuffer;

/**
 * A target packet in a session's window, from the pool. It begins with an IPv4 header of 20 bytes. What sessions often
 * ask for is kept here by who wrote the bytes, which stand in the pool's memory.
 */
public final class Packet {
    private final Slab slab;
    private final ByteBuffer buffer;
    private final int offset;

    private int length;
    private int id;
    private int seq;
    private int payloadLength;
    private int flags;
    private int clientAck;
    private boolean acknowledges;
    private long enteredNs;
    private int timestampsIndex;

    /** Whether it is the first packet of a request; the window decides it. */
    boolean beginsRequest;
    /** Whether it has left at least once; the window notes it. */
    boolean sent;
    /** The next one in the window, or in the pool. */
    Packet next;
    /** The one before in the window. */
    Packet previous;

    Packet(Slab slab, int offset) {
        this.slab = slab;
        this.buffer = slab.memory;
        this.offset = offset;
    }

    /** Whose memory the packet has, for its life. */
    Slab slab() {
        return slab;
    }

    /** The memory that the packet stands in. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Index of the IPv4 header. */
    public int offset() {
        return offset;
    }

    /** Index of the TCP header. */
    public int tcpOffset() {
        return offset + Ipv4Header.MIN_LENGTH;
    }

    /** Index of the first payload byte. */
    public int payloadOffset() {
        return offset + length - payloadLength;
    }

    /** Length of the whole packet in bytes. */
    public int length() {
        return length;
    }

    /** Notes the length of the whole packet in bytes. */
    public Packet length(int bytes) {
        length = bytes;
        return this;
    }

    /** IP identification. */
    public int id() {
        return id;
    }

    /** Notes the IP identification. */
    public Packet id(int newId) {
        id = newId;
        return this;
    }

    /** Sequence number of the first byte, or of SYN or FIN. */
    public int seq() {
        return seq;
    }

    /** Notes the sequence number of the first byte, or of SYN or FIN. */
    public Packet seq(int number) {
        seq = number;
        return this;
    }

    /** Payload bytes. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Notes how many payload bytes there are. */
    public Packet payloadLength(int bytes) {
        payloadLength = bytes;
        return this;
    }

    /** TCP flags. */
    public int flags() {
        return flags;
    }

    /** Notes the TCP flags. */
    public Packet flags(int newFlags) {
        flags = newFlags;
        return this;
    }

    /** What the client acknowledged with the packet, in the online server's numbers. */
    public int clientAck() {
        return clientAck;
    }

    /** Whether the client acknowledged anything: with the payload of a SYN it did not. */
    public boolean acknowledges() {
        return acknowledges;
    }

    /** Notes what the client acknowledged with the packet, if anything. */
    public Packet clientAck(int number, boolean isAcknowledging) {
        clientAck = number;
        acknowledges = isAcknowledging;
        return this;
    }

    /** When it entered the window, in the time of the clients. */
    public long enteredNs() {
        return enteredNs;
    }

    /** Notes when it enters the window, in the time of the clients. */
    public Packet enteredNs(long clientNs) {
        enteredNs = clientNs;
        return this;
    }

    /** Index of the timestamps option, or {@link TcpOptions#ABSENT}. */
    public int timestampsIndex() {
        return timestampsIndex;
    }

    /** Notes the index of the timestamps option, or {@link TcpOptions#ABSENT}. */
    public Packet timestampsIndex(int index) {
        timestampsIndex = index;
        return this;
    }

    /** Makes this packet tell the same of itself as another one, whose bytes it has. */
    public void describeAs(Packet other) {
        length = other.length;
        id = other.id;
        seq = other.seq;
        payloadLength = other.payloadLength;
        flags = other.flags;
        clientAck = other.clientAck;
        acknowledges = other.acknowledges;
        enteredNs = other.enteredNs;
        timestampsIndex = other.timestampsIndex == TcpOptions.ABSENT
                ? TcpOptions.ABSENT
                : other.timestampsIndex - other.offset + offset;
    }

    /** Whether it is the first packet of a request. */
    public boolean beginsRequest() {
        return beginsRequest;
    }

    /** Whether it has left at least once. */
    public boolean wasSent() {
        return sent;
    }

    /** The next one in the window, or null. */
    public Packet next() {
        return next;
    }

    /** The one before in the window, or null. */
    public Packet previous() {
        return previous;
    }

    /** The number behind the packet: SYN and FIN count as one each. */
    public int end() {
        return seq + payloadLength + (isSyn() ? 1 : 0) + (isFin() ? 1 : 0);
    }

    /** Whether it opens the connection. */
    public boolean isSyn() {
        return (flags & TcpHeader.SYN) != 0;
    }

    /** Whether it closes the client's side of the connection. */
    public boolean isFin() {
        return (flags & TcpHeader.FIN) != 0;
    }

    /** Whether it takes no sequence number. */
    public boolean isPureAck() {
        return end() == seq;
    }

    /** How many of the payload bytes lie before {@code number}. */
    public int payloadBefore(int number) {
        return Math.max(0, Math.min(payloadLength, TcpSeq.distance(seq, number)));
    }

    /** Order among packets of one number: pure ACK, payload, FIN. */
    int rank() {
        if (isPureAck()) {
            return 0;
        }
        return payloadLength > 0 || isSyn() ? 1 : 2;
    }
}
