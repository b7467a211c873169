package io.tcpcopy.session.window;

import io.tcpcopy.packet.TcpHeader;

/** A view of some bytes of a packet of a window, or all: what leaves at once. Reused for one after the other. */
public final class PacketPart {
    private Packet packet;
    private int seq;
    private int payloadLength;

    /** A view of nothing yet. */
    public PacketPart() {}

    /**
     * Puts the view on a part.
     *
     * @param newPacket that it is a part of
     * @param newSeq number of its first byte; where it is behind the payload, the part has the FIN alone
     * @param newPayloadLength bytes of payload in it
     */
    public PacketPart wrap(Packet newPacket, int newSeq, int newPayloadLength) {
        packet = newPacket;
        seq = newSeq;
        payloadLength = newPayloadLength;
        return this;
    }

    /** What it is a part of. */
    public Packet packet() {
        return packet;
    }

    /** Number of the first byte, or of SYN or FIN. */
    public int seq() {
        return seq;
    }

    /** Bytes of payload. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Index of the first payload byte in the packet's buffer. */
    public int payloadOffset() {
        return packet.payloadOffset() + skipped();
    }

    /** How many bytes from the part's first one on are urgent; 0 where none are. */
    public int urgentPointer() {
        return Math.max(0, packet.urgentPointer() - skipped());
    }

    /** TCP flags: FIN and PSH are those of the last byte. */
    public int flags() {
        int flags = packet.flags();
        if (skipped() + payloadLength < packet.payloadLength()) {
            flags &= ~(TcpHeader.FIN | TcpHeader.PSH);
        }
        return urgentPointer() > 0 ? flags : flags & ~TcpHeader.URG;
    }

    private int skipped() {
        return seq - packet.seq();
    }
}
