package io.tcpcopy.session.udp;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.UdpHeader;
import io.tcpcopy.session.arrival.ClientDatagram;
import io.tcpcopy.session.base.Identifications;
import io.tcpcopy.session.base.TargetLink;
import java.nio.ByteBuffer;

/** Makes the UDP datagrams for targets out of those of clients, and sends each, above the MTU as IPv4 fragments. */
final class TargetDatagrams {
    private final TargetLink link;
    private final Ipv4Header ip = new Ipv4Header();
    private final UdpHeader udp = new UdpHeader();
    private final ByteBuffer whole = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
    private final ByteBuffer fragment = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);

    private int mtu;
    private int length;

    private final Identifications identifications = new Identifications();
    private final Counters<DatagramCounter> counters = new Counters<>(DatagramCounter.class);

    /** Sends to a link that takes packets of at most {@code mtu} bytes. */
    TargetDatagrams(TargetLink link, int mtu) {
        this.link = link;
        this.mtu = mtu;
    }

    int mtu() {
        return mtu;
    }

    void mtu(int bytes) {
        mtu = bytes;
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
     */
    void write(ClientDatagram client, int datagram) {
        int payloadLength = client.payloadLength(datagram);
        int udpLength = UdpHeader.LENGTH + payloadLength;
        length = Ipv4Header.MIN_LENGTH + udpLength;
        ip.wrap(whole, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(client.ip().typeOfServiceWithoutEcn())
                .totalLength(length)
                .fragment(0, false)
                .ttl(Ipv4Header.DEFAULT_TTL)
                .protocol(Ipv4Header.PROTOCOL_UDP)
                .checksum(0);
        udp.wrap(whole, Ipv4Header.MIN_LENGTH).length(udpLength);
        whole.put(udp.offset() + UdpHeader.LENGTH, client.buffer(), client.payloadOffset(datagram), payloadLength);
    }

    /** Sends the datagram from the client of a flow to its server. */
    void send(Flow flow) {
        ip.wrap(whole, 0)
                .id(identifications.next())
                .source(flow.clientAddress())
                .destination(flow.serverAddress());
        udp.wrap(whole, Ipv4Header.MIN_LENGTH).sourcePort(flow.clientPort()).destinationPort(flow.serverPort());
        udp.checksum(Checksum.udp(whole, ip.source(), ip.destination(), udp.offset(), udp.length()));
        if (length <= mtu) {
            link.send(whole, 0, length);
        } else {
            sendFragments();
        }
        counters.increment(DatagramCounter.SENT);
    }

    private void sendFragments() {
        int most = (mtu - Ipv4Header.MIN_LENGTH) / Ipv4Header.FRAGMENT_UNIT * Ipv4Header.FRAGMENT_UNIT;
        int payload = length - Ipv4Header.MIN_LENGTH;
        fragment.put(0, whole, 0, Ipv4Header.MIN_LENGTH);
        ip.wrap(fragment, 0);
        for (int begin = 0; begin < payload; begin += most) {
            int part = Math.min(most, payload - begin);
            ip.totalLength(Ipv4Header.MIN_LENGTH + part).fragment(begin, begin + part < payload);
            fragment.put(Ipv4Header.MIN_LENGTH, whole, Ipv4Header.MIN_LENGTH + begin, part);
            link.send(fragment, 0, Ipv4Header.MIN_LENGTH + part);
        }
    }
}
