package io.tcpcopy.session.udp;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.UdpHeader;
import io.tcpcopy.session.arrival.ClientDatagram;
import io.tcpcopy.session.base.TargetLink;
import java.nio.ByteBuffer;

/** Makes the UDP datagrams for targets out of those of clients, and sends each: above the MTU it leaves as IPv4 fragments. */
final class TargetDatagrams {
    private static final int HEADERS_LENGTH = Ipv4Header.MIN_LENGTH + UdpHeader.LENGTH;

    private final TargetLink link;
    private final int mtu;
    private final Ipv4Header ip = new Ipv4Header();
    private final UdpHeader udp = new UdpHeader();
    private final ByteBuffer headers = ByteBuffer.allocateDirect(HEADERS_LENGTH);
    private final OutgoingPacket outgoing = new OutgoingPacket();
    private final Counters<DatagramCounter> counters = new Counters<>(DatagramCounter.class);

    /** Sends to a link packets of at most {@code mtu} bytes. */
    TargetDatagrams(TargetLink link, int mtu) {
        this.link = link;
        this.mtu = mtu;
    }

    Counters<DatagramCounter> counters() {
        return counters;
    }

    /**
     * Makes a client's datagram the one to be sent. IP options are left out; so are the ECN bits, since nobody here would
     * react to what routers write there. Its time to live and whether it may be fragmented are our own: a router must have
     * nothing to tell the client.
     *
     * @param datagram which of those that were merged
     * @param capturedNs when it was captured, in the loop's time, or {@link OutgoingPacket#TIME_UNKNOWN}
     */
    void write(ClientDatagram client, int datagram, long capturedNs) {
        ip.wrap(headers, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(client.ip().typeOfServiceWithoutEcn())
                .fragment(0, false)
                .ttl(Ipv4Header.DEFAULT_TTL)
                .protocol(Ipv4Header.PROTOCOL_UDP);
        udp.wrap(headers, Ipv4Header.MIN_LENGTH);
        outgoing.headers(headers, 0, HEADERS_LENGTH)
                .payload(
                        client.buffer(),
                        client.payloadOffset(datagram),
                        client.payloadLength(datagram),
                        mtu - Ipv4Header.MIN_LENGTH)
                .capturedNs(capturedNs);
    }

    /** Sends the datagram from the client of a flow to its server. */
    void send(Flow flow) {
        ip.source(flow.clientAddress()).destination(flow.serverAddress());
        udp.sourcePort(flow.clientPort()).destinationPort(flow.serverPort());
        link.send(outgoing);
        counters.increment(DatagramCounter.SENT);
    }
}
