package io.tcpcopy.session;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;

/** A captured UDP datagram of a client, reused for one after the other. */
final class ClientDatagram {
    private static final int MAX_LENGTH = Ipv4Header.MAX_TOTAL_LENGTH - Ipv4Header.MIN_LENGTH;

    private final CapturedIpv4 captured = new CapturedIpv4(Ipv4Header.PROTOCOL_UDP);
    private final UdpHeader udp = new UdpHeader();
    private ByteBuffer buffer;

    /**
     * Looks at a captured packet; parameters as in {@link CapturedIpv4#parse}.
     *
     * @return {@link Verdict#TAKEN} if it is whole and its lengths agree; otherwise nothing more than addresses and ports
     *     may be asked for, and only if {@link #isAddressed}
     */
    Verdict parse(ByteBuffer packet, int offset, int length, int wireLength) {
        Verdict verdict = captured.parse(packet, offset, length, wireLength);
        udp.wrap(packet, captured.payloadOffset());
        if (verdict != Verdict.TAKEN) {
            return verdict;
        }
        if (!udp.isValid(captured.payloadLength()) || udp.length() > MAX_LENGTH) {
            return Verdict.MALFORMED;
        }
        buffer = packet;
        return Verdict.TAKEN;
    }

    /** Whether the packet says who sent it to whom, taken or not. */
    boolean isAddressed() {
        return captured.payloadCaptured() >= UdpHeader.LENGTH;
    }

    /** The view of the IPv4 header. */
    Ipv4Header ip() {
        return captured.header();
    }

    /** The view of the UDP header, whose length leaves out what is padding. */
    UdpHeader udp() {
        return udp;
    }

    /** The captured bytes. */
    ByteBuffer buffer() {
        return buffer;
    }
}
