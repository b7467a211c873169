package io.tcpcopy.session.udp;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.UdpHeader;
import io.tcpcopy.session.WireLink;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * A target's IP layer: puts fragments together again, in the order in which they come, and checks every packet. The
 * payload must be that of requests from one port.
 */
final class DatagramReassembly {
    private final int payloadOf;
    private final List<Datagram> datagrams = new ArrayList<>();
    private final List<Integer> ids = new ArrayList<>();
    private final ByteBuffer waiting = ByteBuffer.allocate(Ipv4Header.MAX_TOTAL_LENGTH);
    private int longest;
    private int packets;

    /** Expects the payload that clients send from this port. */
    DatagramReassembly(int payloadOf) {
        this.payloadOf = payloadOf;
    }

    /** The datagrams that are whole. */
    List<Datagram> datagrams() {
        return datagrams;
    }

    /** The identification of each datagram. */
    List<Integer> ids() {
        return ids;
    }

    /** Bytes of the longest packet. */
    int longest() {
        return longest;
    }

    /** How many packets there were, fragments included. */
    int packets() {
        return packets;
    }

    /** A link to the target. */
    WireLink link() {
        return new WireLink(this::receive);
    }

    private void receive(ByteBuffer buffer, int length) {
        Ipv4Header ip = new Ipv4Header().wrap(buffer, 0);
        assertThat(ip.isValid(length)).isTrue();
        assertThat(ip.headerLength()).isEqualTo(Ipv4Header.MIN_LENGTH);
        assertThat(ip.totalLength()).isEqualTo(length);
        assertThat(ip.protocol()).isEqualTo(Ipv4Header.PROTOCOL_UDP);
        packets++;
        longest = Math.max(longest, length);
        assertThat(ip.id()).as("0 is filled by the kernel").isNotZero();
        assertThat(ip.fragmentOffset()).isEqualTo(waiting.position());
        if (ip.fragmentOffset() == 0) {
            ids.add(ip.id());
        } else {
            assertThat(ip.id()).isEqualTo(ids.get(ids.size() - 1));
        }
        byte[] part = new byte[length - Ipv4Header.MIN_LENGTH];
        buffer.get(Ipv4Header.MIN_LENGTH, part);
        waiting.put(part);
        if (!ip.moreFragments()) {
            add(ip);
            waiting.clear();
        }
    }

    private void add(Ipv4Header ip) {
        int length = waiting.position();
        UdpHeader udp = new UdpHeader().wrap(waiting, 0);
        assertThat(udp.length()).isEqualTo(length);
        assertThat(udp.checksum()).isEqualTo(Checksum.udp(waiting, ip.source(), ip.destination(), 0, length));
        assertThat(Arrays.copyOfRange(waiting.array(), UdpHeader.LENGTH, length))
                .isEqualTo(Datagram.payload(payloadOf, length - UdpHeader.LENGTH));
        datagrams.add(new Datagram(
                ip.source(),
                udp.sourcePort(),
                ip.destination(),
                udp.destinationPort(),
                length - UdpHeader.LENGTH,
                0,
                ip.dontFragment(),
                ip.ttl(),
                ip.typeOfService()));
    }
}
