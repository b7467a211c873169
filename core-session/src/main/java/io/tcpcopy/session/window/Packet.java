package io.tcpcopy.session.window;

import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import java.nio.ByteBuffer;

/**
 * A packet in a session's window, from the pool: what a client sent, whole as it was captured, even where it was put together of
 * several on its way to the capture. Its options and its payload stand in the pool's memory; whatever else it tells is kept here.
 * Nothing in memory is moved or changed: what leaves are segments of it.
 */
public final class Packet {
    private final Slab slab;
    private final ByteBuffer buffer;
    private final int offset;

    private int optionsLength;
    private int typeOfService;
    private int id;
    private int seq;
    private int payloadOffset;
    private int payloadLength;
    private int flags;
    private int urgentPointer;
    private int clientAck;
    private boolean acknowledges;
    private boolean restOfMissing;
    private long clientNs;
    private long capturedNs;

    /** Whether it is the first packet of a request; the window decides it. */
    boolean beginsRequest;
    /** Whether it, or a part of it, has left at least once; the window notes it. */
    boolean sent;
    /** Whether it has left over any connection; the window notes it. */
    boolean left;
    /** Whether all of it has; the window notes it. */
    boolean sentWhole;
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

    /** The memory that options and payload stand in. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** Index of the TCP options. */
    public int optionsOffset() {
        return offset;
    }

    /** Length of the TCP options in bytes, a multiple of 4. */
    public int optionsLength() {
        return optionsLength;
    }

    /** Notes the length of the TCP options in bytes: the payload, of so many bytes, stands behind them. */
    public Packet contents(int newOptionsLength, int newPayloadLength) {
        optionsLength = newOptionsLength;
        payloadOffset = offset + newOptionsLength;
        payloadLength = newPayloadLength;
        return this;
    }

    /** Index of the first payload byte. */
    public int payloadOffset() {
        return payloadOffset;
    }

    /** Payload bytes. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Type of service of the IPv4 header, without the bits of ECN. */
    public int typeOfService() {
        return typeOfService;
    }

    /** Notes the type of service. */
    public Packet typeOfService(int value) {
        typeOfService = value;
        return this;
    }

    /** IP identification that the client gave it. */
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

    /** Whether the client sent its payload in the same request as the bytes before it, which were missing when it came. */
    public boolean isRestOfMissing() {
        return restOfMissing;
    }

    /** Notes that. */
    public void restOfMissing(boolean isRest) {
        restOfMissing = isRest;
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

    /** When the client sent it, as far as anybody knows, in the time of the clients. */
    public long clientNs() {
        return clientNs;
    }

    /** Notes when the client sent it. */
    public Packet clientNs(long sentNs) {
        clientNs = sentNs;
        return this;
    }

    /** When it was captured, in the loop's time; or {@link io.tcpcopy.packet.OutgoingPacket#TIME_UNKNOWN}. */
    public long capturedNs() {
        return capturedNs;
    }

    /** Notes when it was captured. */
    public Packet capturedNs(long loopNs) {
        capturedNs = loopNs;
        return this;
    }

    /** How many bytes from the first one on are urgent, counted as in the TCP header; 0 where none are. */
    public int urgentPointer() {
        return urgentPointer;
    }

    /** Notes how many bytes are urgent. */
    public Packet urgentPointer(int pointer) {
        urgentPointer = pointer;
        return this;
    }

    /** Takes the first payload bytes off, 0 to all: they stay in memory, and are not the packet's any more. */
    public void trim(int bytes) {
        seq += bytes;
        payloadOffset += bytes;
        payloadLength -= bytes;
        urgentPointer = Math.max(0, urgentPointer - bytes);
    }

    /** Whether it is the first packet of a request. */
    public boolean beginsRequest() {
        return beginsRequest;
    }

    /** Whether it, or a part of it, has left at least once. */
    public boolean wasSent() {
        return sent;
    }

    /** Whether it, or a part of it, has left at least once over this connection or one before. */
    public boolean hasLeft() {
        return left;
    }

    /** The next one in the window, or null. */
    public Packet next() {
        return next;
    }

    /** The one before in the window, or null. */
    public Packet previous() {
        return previous;
    }

    /** The number behind the last payload byte, or behind the SYN. */
    public int payloadEnd() {
        return seq + payloadLength + (isSyn() ? 1 : 0);
    }

    /** The number behind the packet: SYN and FIN count as one each. */
    public int end() {
        return payloadEnd() + (isFin() ? 1 : 0);
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
