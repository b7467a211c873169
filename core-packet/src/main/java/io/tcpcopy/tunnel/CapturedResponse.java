package io.tcpcopy.tunnel;

import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.ChecksumTrust;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;

/**
 * A captured packet of a target, reused for one after the other: whether it is a response, and the records that tell of
 * it. A response longer than the total length field of a record can say (the kernel joins segments to more than 64 KB)
 * becomes several, as if it had arrived in several segments.
 */
public final class CapturedResponse {
    private final TunnelFormat format;
    private final ChecksumTrust checksums = new ChecksumTrust();
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final Ipv4Header recordIp = new Ipv4Header();
    private final TcpHeader recordTcp = new TcpHeader();

    private ByteBuffer buffer;
    private int payloadLength;
    private int maxRecordPayload;
    private int records;
    private int heldPayload;

    /** Responses that become records of this format. */
    public CapturedResponse(TunnelFormat format) {
        this.format = format;
    }

    /**
     * Looks at a captured packet.
     *
     * @param packet its bytes stay as they are while this is in use
     * @return {@link ResponseVerdict#WHOLE} if there are records of it; otherwise nothing else may be asked for
     */
    public ResponseVerdict parse(CapturedPacket packet) {
        if (!ip.wrap(packet.buffer(), packet.offset()).isValid(packet.length())) {
            return ResponseVerdict.INVALID_IPV4;
        }
        if (ip.protocol() != Ipv4Header.PROTOCOL_TCP) {
            return ResponseVerdict.NOT_TCP;
        }
        if (ip.isFragment()) {
            return ResponseVerdict.FRAGMENT;
        }
        tcp.wrap(packet.buffer(), packet.offset() + ip.headerLength());
        int totalLength = ip.totalLength() == 0 ? packet.wireLength() : ip.totalLength();
        if (!tcp.isValid(Math.min(packet.length(), totalLength) - ip.headerLength())) {
            return ResponseVerdict.INVALID_TCP;
        }
        if (!checksums.takes(checksum(packet, totalLength - ip.headerLength()))) {
            return ResponseVerdict.BAD_CHECKSUM;
        }
        buffer = packet.buffer();
        payloadLength = totalLength - ip.headerLength() - tcp.headerLength();
        maxRecordPayload = Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH - tcp.headerLength();
        records = Math.max(1, (payloadLength + maxRecordPayload - 1) / maxRecordPayload);
        heldPayload = holdsPayload(packet.length()) ? payloadLength : 0;
        return ResponseVerdict.WHOLE;
    }

    /** Of a response that was captured in part alone nothing is known: its checksum covers the payload, too. */
    private ChecksumState checksum(CapturedPacket packet, int length) {
        if (packet.checksum() != ChecksumState.UNKNOWN || packet.length() < ip.headerLength() + length) {
            return packet.checksum();
        }
        return Checksum.stateOf(
                tcp.checksum(),
                Checksum.pseudoHeader(ip.source(), ip.destination(), Ipv4Header.PROTOCOL_TCP, length),
                Checksum.add(0, packet.buffer(), tcp.offset(), length));
    }

    /** A record has all of the payload or none, behind where the TCP header would end if none of it were cut. */
    private boolean holdsPayload(int captured) {
        return format.withPayload()
                && payloadLength <= TunnelFormat.MAX_PAYLOAD
                && ResponseRecord.TCP_OFFSET + tcp.headerLength() + payloadLength <= format.recordLength()
                && ip.headerLength() + tcp.headerLength() + payloadLength <= captured;
    }

    /** How many records the response needs: 1 unless it is longer than 64 KB. */
    public int records() {
        return records;
    }

    /**
     * Writes one of the records.
     *
     * @param part 0 to {@link #records} - 1
     * @param to receives {@link TunnelFormat#recordLength} bytes
     * @param offset where to begin in {@code to}
     */
    public void write(int part, ByteBuffer to, int offset) {
        to.put(offset, buffer, ip.offset(), Ipv4Header.MIN_LENGTH);
        int tcpOffset = offset + ResponseRecord.TCP_OFFSET;
        int tcpBytes = Math.min(tcp.headerLength(), ResponseRecord.TCP_CAPACITY);
        to.put(tcpOffset, buffer, tcp.offset(), tcpBytes);
        for (int index = tcpOffset + tcpBytes; index < offset + format.recordLength(); index++) {
            to.put(index, (byte) 0);
        }
        if (heldPayload > 0) {
            to.put(tcpOffset + tcp.headerLength(), buffer, tcp.offset() + tcp.headerLength(), heldPayload);
        }
        int before = part * maxRecordPayload;
        int payload = Math.min(payloadLength - before, maxRecordPayload);
        recordIp.wrap(to, offset)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(Ipv4Header.MIN_LENGTH + tcp.headerLength() + payload);
        if (records > 1) {
            markPart(part, recordTcp.wrap(to, tcpOffset), before);
        }
    }

    /** As when a sender cuts a segment: SYN stays with the first part, FIN and PSH with the last. */
    private void markPart(int part, TcpHeader header, int payloadBefore) {
        int flags = header.flags();
        if (part > 0) {
            int syn = header.has(TcpHeader.SYN) ? 1 : 0;
            header.seq(header.seq() + syn + payloadBefore);
            flags &= ~TcpHeader.SYN;
        }
        if (part < records - 1) {
            flags &= ~(TcpHeader.FIN | TcpHeader.PSH);
        }
        header.flags(flags);
    }
}
