package io.tcpcopy.session;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import java.nio.ByteBuffer;

/** A response header that an intercept returned, reused for one after the other. */
final class Response {
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private ByteBuffer buffer;
    private int optionsEnd;
    private int payloadLength;

    /**
     * Looks at a record.
     *
     * @param offset of the IPv4 header; the TCP header stands 20 bytes behind it whatever its length says
     * @param length of the record in bytes
     * @return whether the lengths in the headers agree
     */
    boolean parse(ByteBuffer record, int offset, int length) {
        if (length < Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH) {
            return false;
        }
        buffer = record;
        ip.wrap(record, offset);
        tcp.wrap(record, offset + Ipv4Header.MIN_LENGTH);
        int headers = ip.headerLength() + tcp.headerLength();
        if (ip.version() != 4
                || ip.headerLength() < Ipv4Header.MIN_LENGTH
                || ip.protocol() != Ipv4Header.PROTOCOL_TCP
                || tcp.headerLength() < TcpHeader.MIN_LENGTH
                || ip.totalLength() < headers) {
            return false;
        }
        payloadLength = ip.totalLength() - headers;
        // Options beyond the record were cut by the intercept.
        optionsEnd = Math.min(tcp.offset() + tcp.headerLength(), offset + length);
        return true;
    }

    int targetAddress() {
        return ip.source();
    }

    int targetPort() {
        return tcp.sourcePort();
    }

    int clientAddress() {
        return ip.destination();
    }

    int clientPort() {
        return tcp.destinationPort();
    }

    int id() {
        return ip.id();
    }

    int totalLength() {
        return ip.totalLength();
    }

    int seq() {
        return tcp.seq();
    }

    /** The number behind the response: its FIN counts as one, a SYN is not counted. */
    int end() {
        return tcp.seq() + payloadLength + (isFin() ? 1 : 0);
    }

    int ack() {
        return tcp.ack();
    }

    int flags() {
        return tcp.flags();
    }

    /** The window as it stands in the header, not scaled. */
    int window() {
        return tcp.window();
    }

    int payloadLength() {
        return payloadLength;
    }

    boolean isSyn() {
        return tcp.has(TcpHeader.SYN);
    }

    boolean isAck() {
        return tcp.has(TcpHeader.ACK);
    }

    boolean isFin() {
        return tcp.has(TcpHeader.FIN);
    }

    boolean isRst() {
        return tcp.has(TcpHeader.RST);
    }

    /** Whether the response neither carries anything nor opens, closes or resets. */
    boolean isPureAck() {
        return payloadLength == 0 && !tcp.has(TcpHeader.SYN | TcpHeader.FIN | TcpHeader.RST) && isAck();
    }

    /** The shift of the window scale option, or {@link TcpOptions#ABSENT}. */
    int windowScale() {
        int index = option(TcpOptions.WINDOW_SCALE, TcpOptions.WINDOW_SCALE_LENGTH);
        return index == TcpOptions.ABSENT ? TcpOptions.ABSENT : TcpOptions.windowScale(buffer, index);
    }

    /** Whether there is a timestamps option. */
    boolean hasTimestamp() {
        return option(TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH) != TcpOptions.ABSENT;
    }

    /** The target's value of the timestamps option, which is there. */
    int timestamp() {
        int index = option(TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);
        return buffer.getInt(TcpOptions.timestampValueIndex(index));
    }

    private int option(int kind, int length) {
        return TcpOptions.find(buffer, tcp.offset() + TcpHeader.MIN_LENGTH, optionsEnd, kind, length);
    }
}
