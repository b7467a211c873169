package io.tcpcopy.session.arrival;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;

/**
 * A captured client packet, reused for one after the other. A SYN with payload (Fast Open, RFC 7413) is walked through in two
 * parts, and so is what offloading has made longer than IPv4 allows: every getter speaks of the current part. There is none before
 * {@link #firstPart}.
 */
public final class ClientPacket {
    private final CapturedIpv4 captured = new CapturedIpv4(Ipv4Header.PROTOCOL_TCP);
    private final TcpHeader tcp = new TcpHeader();
    private final Flow flow = new Flow();

    private ByteBuffer buffer;
    private long arrivalNs;
    private long capturedNs;
    private long clientNs;
    private int wholePayloadOffset;
    private int wholePayloadLength;

    private ChecksumState checksum;

    private int payloadSkipped;
    private int seq;
    private int flags;
    private int payloadLength;

    /**
     * Looks at a captured packet.
     *
     * @param packet its bytes stay as they are while this is in use
     * @return {@link Verdict#TAKEN} if it is whole and its lengths agree; otherwise nothing but the {@link #flow} may be
     *     asked for, and only if {@link #isAddressed}
     */
    public Verdict parse(CapturedPacket packet) {
        Verdict verdict = captured.parse(packet);
        tcp.wrap(packet.buffer(), captured.payloadOffset());
        if (isAddressed()) {
            flow.client(ip().source(), tcp.sourcePort()).server(ip().destination(), tcp.destinationPort());
        }
        if (verdict != Verdict.TAKEN) {
            return verdict;
        }
        if (!tcp.isValid(captured.payloadLength()) || hasContradictoryFlags()) {
            return Verdict.MALFORMED;
        }
        buffer = packet.buffer();
        arrivalNs = packet.arrivalNs();
        checksum = packet.checksum();
        wholePayloadOffset = tcp.offset() + tcp.headerLength();
        wholePayloadLength = captured.payloadLength() - tcp.headerLength();
        return Verdict.TAKEN;
    }

    /** Whether the packet says who sent it to whom, taken or not. */
    public boolean isAddressed() {
        return captured.payloadCaptured() >= TcpHeader.MIN_LENGTH;
    }

    /**
     * A client opens with a SYN that neither acknowledges nor closes anything; all else but an RST acknowledges something, or
     * is thrown away (RFC 9293, section 3.10.7.4, fifth).
     */
    private boolean hasContradictoryFlags() {
        boolean known = tcp.has(TcpHeader.SYN | TcpHeader.ACK | TcpHeader.RST);
        return !known || tcp.has(TcpHeader.SYN) && tcp.has(TcpHeader.ACK | TcpHeader.RST | TcpHeader.FIN);
    }

    /** Makes the first part current: mostly it is the only one. */
    public void firstPart() {
        seq = tcp.seq();
        flags = tcp.flags();
        payloadSkipped = 0;
        payloadLength = wholePayloadLength;
        if (isSyn() && wholePayloadLength > 0) {
            flags &= ~TcpHeader.PSH;
            payloadLength = 0;
        } else {
            cut();
        }
    }

    /** Makes the next part current; false when there is none. */
    public boolean nextPart() {
        int next = payloadSkipped + payloadLength;
        if (next >= wholePayloadLength) {
            return false;
        }
        boolean openedFast = tcp.has(TcpHeader.SYN);
        payloadSkipped = next;
        payloadLength = wholePayloadLength - next;
        seq = tcp.seq() + next + (openedFast ? 1 : 0);
        flags = tcp.flags() & ~TcpHeader.SYN;
        cut();
        return true;
    }

    /** Shortens the current part to what a packet can have; FIN and PSH are left to the last one. */
    private void cut() {
        int most = Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH - tcp.headerLength();
        if (payloadLength > most) {
            payloadLength = most;
            flags &= ~(TcpHeader.FIN | TcpHeader.PSH);
        }
    }

    /**
     * What is known of the checksum. That of a packet above the MTU is not looked at: it was put together of several on its
     * way to the capture, which need not have made a new one.
     */
    public ChecksumState checksum(int mtu) {
        int length = tcp.headerLength() + wholePayloadLength;
        if (checksum == ChecksumState.UNKNOWN && Ipv4Header.MIN_LENGTH + length <= mtu) {
            long pseudoHeader = Checksum.pseudoHeader(ip().source(), ip().destination(), ip().protocol(), length);
            long segment = Checksum.add(0, buffer, tcp.offset(), length);
            checksum = Checksum.stateOf(tcp.checksum(), pseudoHeader, segment);
        }
        return checksum;
    }

    /** The view of the IPv4 header. */
    public Ipv4Header ip() {
        return captured.header();
    }

    /** Length of the TCP header in bytes. */
    public int tcpHeaderLength() {
        return tcp.headerLength();
    }

    /** Index of the TCP header in {@link #buffer}. */
    public int tcpOffset() {
        return tcp.offset();
    }

    /** The captured bytes. */
    public ByteBuffer buffer() {
        return buffer;
    }

    /** When the kernel saw the packet; compares with other packets of the capture alone. */
    public long arrivalNs() {
        return arrivalNs;
    }

    /** When it was captured, in the loop's time; or {@link io.tcpcopy.packet.OutgoingPacket#TIME_UNKNOWN}. */
    public long capturedNs() {
        return capturedNs;
    }

    /** Notes when it was captured, in the loop's time, as far as anybody knows. */
    public void capturedNs(long loopNs) {
        capturedNs = loopNs;
    }

    /** When the client sent it, as far as anybody knows, in the time of the clients. */
    public long clientNs() {
        return clientNs;
    }

    /** Notes when the client sent it. */
    public void clientNs(long sentNs) {
        clientNs = sentNs;
    }

    /** Who sent the packet to whom; may be asked for if {@link #isAddressed}. */
    public Flow flow() {
        return flow;
    }

    /** Sequence number of the part. */
    public int seq() {
        return seq;
    }

    /** The number behind the part: SYN and FIN count as one each. */
    public int end() {
        return seq + payloadLength + (isSyn() ? 1 : 0) + (isFin() ? 1 : 0);
    }

    /** What the client acknowledges, in the online server's numbers. */
    public int ack() {
        return tcp.ack();
    }

    /** Whether the packet as captured acknowledges anything: a SYN does not, nor the payload that came with it. */
    public boolean acknowledges() {
        return tcp.has(TcpHeader.ACK);
    }

    /** Flags of the part. */
    public int flags() {
        return flags;
    }

    /** How many bytes from the first one on are urgent; 0 where none are. */
    public int urgentPointer() {
        return tcp.has(TcpHeader.URG) ? Math.max(0, tcp.urgentPointer() - payloadSkipped) : 0;
    }

    /** The IP identification. */
    public int id() {
        return ip().id();
    }

    /** Index of the part's payload in {@link #buffer}. */
    public int payloadOffset() {
        return wholePayloadOffset + payloadSkipped;
    }

    /** Payload bytes of the whole packet. */
    public int wholePayloadLength() {
        return wholePayloadLength;
    }

    /** Payload bytes of the part. */
    public int payloadLength() {
        return payloadLength;
    }

    /** Whether the part opens the connection. */
    public boolean isSyn() {
        return (flags & TcpHeader.SYN) != 0;
    }

    /** Whether the part closes the client's side. */
    public boolean isFin() {
        return (flags & TcpHeader.FIN) != 0;
    }

    /** Whether the packet resets the connection. */
    public boolean isRst() {
        return (flags & TcpHeader.RST) != 0;
    }

    /** Whether the part neither carries anything nor opens or closes. */
    public boolean isPureAck() {
        return payloadLength == 0 && (flags & (TcpHeader.SYN | TcpHeader.FIN | TcpHeader.RST)) == 0;
    }

    /** Whether the packet looks like a keepalive probe with a byte of garbage: RFC 9293, section 3.8.4. */
    public boolean isKeepaliveProbe() {
        return wholePayloadLength == 1 && !tcp.has(TcpHeader.PSH | TcpHeader.SYN | TcpHeader.FIN);
    }
}
