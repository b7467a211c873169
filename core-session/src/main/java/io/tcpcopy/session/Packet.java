package io.tcpcopy.session;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import java.nio.ByteBuffer;

/**
 * A target packet in a session's window, from the pool. It begins with an IPv4 header of 20 bytes. What sessions often
 * ask for is kept here; the bytes stand in the pool's memory.
 */
final class Packet {
    /** Whose memory the packet has, for its life. */
    final PacketPool.Slab slab;
    /** That memory. */
    final ByteBuffer buffer;
    /** Index of the IPv4 header. */
    final int offset;

    /** Length of the whole packet in bytes. */
    int length;
    /** IP identification. */
    int id;
    /** Sequence number of the first byte, or of SYN or FIN. */
    int seq;
    /** Payload bytes. */
    int payloadLength;
    /** TCP flags. */
    int flags;
    /** What the client acknowledged with the packet, in the online server's numbers. */
    int clientAck;
    /** Whether the client acknowledged anything: with the payload of a SYN it did not. */
    boolean acknowledges;
    /** Whether it is the first packet of a request, for the ledger. */
    boolean beginsRequest;
    /** Whether it has left at least once. */
    boolean sent;
    /** When it entered the window, in the time of the clients. */
    long enteredNs;
    /** Index of the timestamps option, or {@link io.tcpcopy.packet.TcpOptions#ABSENT}. */
    int timestampsIndex;

    /** The next one in the window, or in the pool. */
    Packet next;
    /** The one before in the window. */
    Packet previous;

    Packet(PacketPool.Slab slab, int offset) {
        this.slab = slab;
        this.buffer = slab.memory;
        this.offset = offset;
    }

    /** The number behind the packet: SYN and FIN count as one each. */
    int end() {
        return seq + payloadLength + (isSyn() ? 1 : 0) + (isFin() ? 1 : 0);
    }

    boolean isSyn() {
        return (flags & TcpHeader.SYN) != 0;
    }

    boolean isFin() {
        return (flags & TcpHeader.FIN) != 0;
    }

    /** Whether it takes no sequence number. */
    boolean isPureAck() {
        return end() == seq;
    }

    /** Index of the TCP header. */
    int tcpOffset() {
        return offset + Ipv4Header.MIN_LENGTH;
    }

    /** Index of the first payload byte. */
    int payloadOffset() {
        return offset + length - payloadLength;
    }

    /** How many of the payload bytes lie before {@code number}. */
    int payloadBefore(int number) {
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
