package io.tcpcopy.session.udp;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;
import java.util.Random;

/** A UDP datagram and the IPv4 header before it; the payload follows from its length and the source port. */
public record Datagram(
        int source,
        int sourcePort,
        int destination,
        int destinationPort,
        int payloadLength,
        int id,
        boolean dontFragment,
        int ttl,
        int typeOfService) {

    static final int CLIENT = 0x0A010001;
    static final int CLIENT_PORT = 40000;
    /** The online server. */
    public static final int ONLINE = 0x0A010064;

    static final int HEADERS = Ipv4Header.MIN_LENGTH + UdpHeader.LENGTH;
    static final int MAX_PAYLOAD = Ipv4Header.MAX_TOTAL_LENGTH - HEADERS;

    /** A client's request to port 53. */
    public static Datagram request(int payloadLength) {
        return new Datagram(CLIENT, CLIENT_PORT, ONLINE, 53, payloadLength, 7, true, 61, 0);
    }

    Datagram from(int newSource, int newSourcePort) {
        return new Datagram(
                newSource,
                newSourcePort,
                destination,
                destinationPort,
                payloadLength,
                id,
                dontFragment,
                ttl,
                typeOfService);
    }

    /** As its copy must arrive at a target; any identification is read as 0. */
    Datagram to(int newDestination, int newDestinationPort) {
        return new Datagram(
                source,
                sourcePort,
                newDestination,
                newDestinationPort,
                payloadLength,
                0,
                false,
                Ipv4Header.DEFAULT_TTL,
                typeOfService);
    }

    Datagram with(int newId, boolean newDontFragment, int newTtl, int newTypeOfService) {
        return new Datagram(
                source,
                sourcePort,
                destination,
                destinationPort,
                payloadLength,
                newId,
                newDontFragment,
                newTtl,
                newTypeOfService);
    }

    /** The payload of this length that is sent from a port. */
    static byte[] payload(int sourcePort, int length) {
        byte[] payload = new byte[length];
        new Random(31L * sourcePort + length).nextBytes(payload);
        return payload;
    }

    /** The datagram as captured, without a checksum. */
    public ByteBuffer packet() {
        ByteBuffer packet = ByteBuffer.allocateDirect(HEADERS + payloadLength);
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .typeOfService(typeOfService)
                .totalLength(HEADERS + payloadLength)
                .id(id)
                .dontFragment(dontFragment)
                .ttl(ttl)
                .protocol(Ipv4Header.PROTOCOL_UDP)
                .source(source)
                .destination(destination);
        new UdpHeader()
                .wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(sourcePort)
                .destinationPort(destinationPort)
                .length(UdpHeader.LENGTH + payloadLength);
        return packet.put(HEADERS, payload(sourcePort, payloadLength));
    }
}
