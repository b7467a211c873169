package io.tcpcopy.tunnel;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;

/**
 * A view of a response record: the IPv4 header without options (20 bytes), the TCP header with at most 24 bytes of
 * options (44 bytes). Longer records hold the payload as well, right behind the TCP header, if all of it fits into
 * {@link TunnelFormat#MAX_PAYLOAD} bytes. The lengths in the headers are those of the response, so they may speak of
 * bytes that the record does not hold. Checksums mean nothing. Records come from a network: whoever uses them checks the
 * lengths first.
 */
public final class ResponseRecord {
    /** Bytes of a record's headers. */
    public static final int HEADERS_LENGTH = 64;

    /** Where the TCP header begins, whatever the IPv4 header says of its own length. */
    static final int TCP_OFFSET = Ipv4Header.MIN_LENGTH;
    /** The most bytes of a TCP header that a record holds. */
    static final int TCP_CAPACITY = HEADERS_LENGTH - TCP_OFFSET;

    private static final int IP_VERSION = 4;

    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private ByteBuffer buffer;

    /** Puts the view on a record of at least {@link #HEADERS_LENGTH} bytes. */
    public ResponseRecord wrap(ByteBuffer newBuffer, int offset) {
        buffer = newBuffer;
        ip.wrap(newBuffer, offset);
        tcp.wrap(newBuffer, offset + TCP_OFFSET);
        return this;
    }

    /** Where the record stands, at {@link Ipv4Header#offset} of its IPv4 header. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** The IPv4 header. */
    public Ipv4Header ip() {
        return ip;
    }

    /** The TCP header; its length may exceed what the record holds of it. */
    public TcpHeader tcp() {
        return tcp;
    }

    /** Reads between whom the response goes: its destination is the client, its source the target. */
    public void readFlow(Flow flow) {
        flow.client(ip.destination(), tcp.destinationPort()).server(ip.source(), tcp.sourcePort());
    }

    /** Bytes of payload that the response had, by its headers; negative where their lengths contradict each other. */
    public int payloadLength() {
        return ip.totalLength() - ip.headerLength() - tcp.headerLength();
    }

    /**
     * Whether this can be a record of {@code length} bytes: an IPv4 header, and zeros behind what the headers announce. If
     * it is not, the other end's records are of another length.
     */
    boolean isPossible(int length) {
        if (ip.version() != IP_VERSION) {
            return false;
        }
        int end = ip.offset() + length;
        for (int index = ip.offset() + usedLength(length); index < end; index++) {
            if (buffer.get(index) != 0) {
                return false;
            }
        }
        return true;
    }

    private int usedLength(int length) {
        int payload = payloadLength();
        boolean held = payload > 0 && payload <= length - HEADERS_LENGTH;
        return Math.min(length, TCP_OFFSET + tcp.headerLength() + (held ? payload : 0));
    }
}
