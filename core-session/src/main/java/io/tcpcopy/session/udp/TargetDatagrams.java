package io.tcpcopy.session.udp;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.UdpHeader;
import io.tcpcopy.session.arrival.ClientDatagram;
import io.tcpcopy.session.base.TargetLink;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;

/** Makes the UDP datagrams for targets out of those of clients, and sends each, above the MTU as IPv4 fragments. */
final class TargetDatagrams {
    private static final int MAX_ID = 0xFFFF;

    private final TargetLink link;
    private final Ipv4Header ip = new Ipv4Header();
    private final UdpHeader udp = new UdpHeader();
    private final ByteBuffer whole = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);
    private final ByteBuffer fragment = ByteBuffer.allocateDirect(Ipv4Header.MAX_TOTAL_LENGTH);

    private int mtu;
    private int length;
    /** Several tcpcopys may use the same clients' addresses: they should not begin with the same one. */
    private int lastId = new SplittableRandom().nextInt(MAX_ID);

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
     * react to what routers write there.
     */
    void write(ClientDatagram client) {
        int udpLength = client.udp().length();
        length = Ipv4Header.MIN_LENGTH + udpLength;
        ip.wrap(whole, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(client.ip().typeOfServiceWithoutEcn())
                .totalLength(length)
                .id(client.ip().id())
                .dontFragment(client.ip().dontFragment())
                .ttl(client.ip().ttl())
                .protocol(Ipv4Header.PROTOCOL_UDP)
                .checksum(0);
        whole.put(Ipv4Header.MIN_LENGTH, client.buffer(), client.udp().offset(), udpLength);
    }

    /** Sends the datagram from the client of a flow to its server. */
    void send(Flow flow) {
        ip.wrap(whole, 0).source(flow.clientAddress()).destination(flow.serverAddress());
        udp.wrap(whole, Ipv4Header.MIN_LENGTH).sourcePort(flow.clientPort()).destinationPort(flow.serverPort());
        udp.checksum(Checksum.udp(whole, ip.source(), ip.destination(), udp.offset(), udp.length()));
        if (length <= mtu) {
            link.send(whole, 0, length);
        } else {
            sendFragments();
        }
        counters.increment(DatagramCounter.SENT);
    }

    /**
     * Their identification is one of our own. The client's would be the same for all copies, which could then not be told
     * apart when they are put together; and for a 0 the kernel would fill in another one in each fragment (raw(7)).
     */
    private void sendFragments() {
        lastId = lastId % MAX_ID + 1;
        int most = (mtu - Ipv4Header.MIN_LENGTH) / Ipv4Header.FRAGMENT_UNIT * Ipv4Header.FRAGMENT_UNIT;
        int payload = length - Ipv4Header.MIN_LENGTH;
        fragment.put(0, whole, 0, Ipv4Header.MIN_LENGTH);
        ip.wrap(fragment, 0).id(lastId);
        for (int begin = 0; begin < payload; begin += most) {
            int part = Math.min(most, payload - begin);
            ip.totalLength(Ipv4Header.MIN_LENGTH + part).fragment(begin, begin + part < payload);
            fragment.put(Ipv4Header.MIN_LENGTH, whole, Ipv4Header.MIN_LENGTH + begin, part);
            link.send(fragment, 0, Ipv4Header.MIN_LENGTH + part);
        }
    }
}
