package io.tcpcopy.session.arrival;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import java.nio.ByteBuffer;

/** A response header that an intercept returned, reused for one after the other. */
public final class Response {
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final Flow flow = new Flow();
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
    public boolean parse(ByteBuffer record, int offset, int length) {
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
        flow.client(ip.destination(), tcp.destinationPort()).server(ip.source(), tcp.sourcePort());
        payloadLength = ip.totalLength() - headers;
        // Options beyond the record were cut by the intercept.
        optionsEnd = Math.min(tcp.offset() + tcp.headerLength(), offset + length);
        return true;
    }

    /** Between whom it goes: the client as the target sees it, and the target. */
    public Flow flow() {
        return flow;
    }

    /** IP identification. */
    public int id() {
        return ip.id();
    }

    /** Length of the packet that the target sent, in bytes, IPv4 header included. */
    public int totalLength() {
        return ip.totalLength();
    }

    /** Sequence number of the first byte, or of SYN, FIN or RST. */
    public int seq() {
        return tcp.seq();
    }

    /** The number behind the response: its FIN counts as one, a SYN is not counted. */
    public int end() {
        return tcp.seq() + payloadLength + (isFin() ? 1 : 0);
    }

    /** The next number that the target expects of the client. */
    public int ack() {
        return tcp.ack();
    }

    /** TCP flags. */
    public int flags() {
        return tcp.flags();
    }

    /** The window as it stands in the header, not scaled. */
    public int window() {
        return tcp.window();
    }

    /** Bytes of payload that the target sent; the record does not have them. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Whether it opens the target's side. */
    public boolean isSyn() {
        return tcp.has(TcpHeader.SYN);
    }

    /** Whether it acknowledges anything. */
    public boolean isAck() {
        return tcp.has(TcpHeader.ACK);
    }

    /** Whether it closes the target's side. */
    public boolean isFin() {
        return tcp.has(TcpHeader.FIN);
    }

    /** Whether it resets the connection. */
    public boolean isRst() {
        return tcp.has(TcpHeader.RST);
    }

    /** Whether the response neither carries anything nor opens, closes or resets. */
    public boolean isPureAck() {
        return payloadLength == 0 && !tcp.has(TcpHeader.SYN | TcpHeader.FIN | TcpHeader.RST) && isAck();
    }

    /** The maximum segment size in bytes, or {@link TcpOptions#ABSENT}. */
    public int mss() {
        int index = option(TcpOptions.MSS, TcpOptions.MSS_LENGTH);
        return index == TcpOptions.ABSENT ? TcpOptions.ABSENT : TcpOptions.mss(buffer, index);
    }

    /** The shift of the window scale option, or {@link TcpOptions#ABSENT}. */
    public int windowScale() {
        int index = option(TcpOptions.WINDOW_SCALE, TcpOptions.WINDOW_SCALE_LENGTH);
        return index == TcpOptions.ABSENT ? TcpOptions.ABSENT : TcpOptions.windowScale(buffer, index);
    }

    /** Whether there is a timestamps option. */
    public boolean hasTimestamp() {
        return option(TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH) != TcpOptions.ABSENT;
    }

    /** The target's value of the timestamps option, which is there. */
    public int timestamp() {
        int index = option(TcpOptions.TIMESTAMPS, TcpOptions.TIMESTAMPS_LENGTH);
        return buffer.getInt(TcpOptions.timestampValueIndex(index));
    }

    private int option(int kind, int length) {
        return TcpOptions.find(buffer, tcp.offset() + TcpHeader.MIN_LENGTH, optionsEnd, kind, length);
    }
}
