package io.tcpcopy.session.arrival;

import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;

/** The IPv4 layer of a captured packet, reused for one after the other: whether it is whole, and where its payload is. */
final class CapturedIpv4 {
    private final int protocol;
    private final Ipv4Header header = new Ipv4Header();

    private int payloadOffset;
    private int payloadLength;
    private int payloadCaptured;

    /** Takes packets of this protocol alone, by IANA's numbers. */
    CapturedIpv4(int protocol) {
        this.protocol = protocol;
    }

    /**
     * Looks at a captured packet.
     *
     * @return {@link Verdict#TAKEN} if it is whole and its lengths agree
     */
    Verdict parse(CapturedPacket packet) {
        payloadCaptured = 0;
        header.wrap(packet.buffer(), packet.offset());
        if (!header.isValid(packet.length())) {
            return Verdict.MALFORMED;
        }
        if (header.protocol() != protocol) {
            return Verdict.OTHER_PROTOCOL;
        }
        if (header.isFragment()) {
            return Verdict.FRAGMENT;
        }
        // Segments too big for the field have none: offloading hands them to the capture before they are cut.
        int total = header.totalLength() == 0 ? packet.wireLength() : header.totalLength();
        payloadOffset = packet.offset() + header.headerLength();
        payloadLength = total - header.headerLength();
        payloadCaptured = Math.min(total, packet.length()) - header.headerLength();
        return total > packet.length() ? Verdict.TRUNCATED : Verdict.TAKEN;
    }

    /** The view of the header. */
    Ipv4Header header() {
        return header;
    }

    /** Index of the payload in the buffer. */
    int payloadOffset() {
        return payloadOffset;
    }

    /** Bytes of the payload; negative when the total length is less than that of the header. */
    int payloadLength() {
        return payloadLength;
    }

    /** Bytes of the payload that were captured, also where the packet is not taken; not positive where there are none. */
    int payloadCaptured() {
        return payloadCaptured;
    }
}
