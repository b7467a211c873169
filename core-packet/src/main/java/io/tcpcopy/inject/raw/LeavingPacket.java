package io.tcpcopy.inject.raw;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;

/** A view of what matters of a packet that leaves: its addresses and ports, and what tells it from others. */
final class LeavingPacket {
    /** How many bytes the view needs behind an IPv4 header: the ports and the first fields of TCP, or all of UDP. */
    private static final int TCP_BYTES = TcpHeader.MIN_LENGTH;

    private static final int UDP_BYTES = UdpHeader.LENGTH;
    /** Of UDP. */
    private static final int LENGTH_OFFSET = 4;

    private final boolean isTcp;
    private final Ipv4Header ip = new Ipv4Header();
    /** UDP has its ports where TCP has them. */
    private final TcpHeader tcp = new TcpHeader();

    private ByteBuffer buffer;
    private int ports;

    /**
     * A view of packets of one protocol.
     *
     * @param protocol TCP or UDP, by IANA's numbers
     */
    LeavingPacket(int protocol) {
        isTcp = protocol == Ipv4Header.PROTOCOL_TCP;
    }

    /**
     * Puts the view on a packet.
     *
     * @param available how many bytes there are from the offset on
     * @return whether they are enough to look at
     */
    boolean wrap(ByteBuffer newBuffer, int offset, int available) {
        if (!ip.wrap(newBuffer, offset).isValid(available)
                || available - ip.headerLength() < (isTcp ? TCP_BYTES : UDP_BYTES)) {
            return false;
        }
        buffer = newBuffer;
        ports = offset + ip.headerLength();
        tcp.wrap(buffer, ports);
        return ip.fragmentOffset() == 0;
    }

    /** Whether it comes from this address and port. */
    boolean isFrom(int address, int port) {
        return ip.source() == address && tcp.sourcePort() == port;
    }

    /** Whether it goes to this address and port. */
    boolean isFor(Endpoint end) {
        return ip.destination() == end.address().bits() && tcp.destinationPort() == end.port();
    }

    /** Where it comes from, for messages. */
    Endpoint sourceEnd() {
        return Endpoint.ipv4(ip.source(), tcp.sourcePort());
    }

    /** Where it goes to, for messages. */
    Endpoint destinationEnd() {
        return Endpoint.ipv4(ip.destination(), tcp.destinationPort());
    }

    int source() {
        return ip.source();
    }

    int sourcePort() {
        return tcp.sourcePort();
    }

    /**
     * What tells it from others and network address translation leaves as it is: its identification, and the sequence number or the
     * length of a datagram.
     */
    long key() {
        int number = isTcp ? tcp.seq() : buffer.getShort(ports + LENGTH_OFFSET);
        return (long) ip.id() << Integer.SIZE | number & 0xFFFFFFFFL;
    }

    /** The flags of TCP; 0 for a datagram. */
    int flags() {
        return isTcp ? tcp.flags() : 0;
    }

    /** Whether it is a part of a packet: the other parts go by its identification. */
    boolean isFragment() {
        return ip.isFragment();
    }

    /** Whether it begins a connection, about which NAT decides once. */
    boolean isSyn() {
        return isTcp && (tcp.flags() & (TcpHeader.SYN | TcpHeader.ACK)) == TcpHeader.SYN;
    }

    /** Makes it one that is looked at when it leaves, by its identification. */
    void mark(int id) {
        ip.id(id);
    }
}
