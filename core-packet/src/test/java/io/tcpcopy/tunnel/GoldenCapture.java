package io.tcpcopy.tunnel;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.LinkLayer;
import io.tcpcopy.packet.TcpHeader;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A capture of the C programs in the resources, in the classic pcap format (pcap-savefile(5)) with little-endian
 * headers: the TCP packets of a target's responses and of the tunnel.
 */
final class GoldenCapture {
    private static final int TUNNEL_PORT = 36524;
    private static final int TARGET_PORT = 8080;
    private static final int MAGIC = 0xA1B2C3D4;
    private static final int LINK_TYPE_OFFSET = 20;
    private static final int FILE_HEADER_LENGTH = 24;
    private static final int CAPTURED_LENGTH_OFFSET = 8;
    private static final int PACKET_HEADER_LENGTH = 16;

    /** IPv4 packets, each in a buffer of its own. */
    private final List<ByteBuffer> packets = new ArrayList<>();

    GoldenCapture(String name) {
        ByteBuffer file = load(name).order(ByteOrder.LITTLE_ENDIAN);
        if (file.getInt(0) != MAGIC) {
            throw new IllegalStateException(name + " is no capture file");
        }
        LinkLayer link = LinkLayer.of(file.getInt(LINK_TYPE_OFFSET)).orElseThrow();
        int offset = FILE_HEADER_LENGTH;
        while (offset < file.limit()) {
            int captured = file.getInt(offset + CAPTURED_LENGTH_OFFSET);
            int begin = offset + PACKET_HEADER_LENGTH;
            ByteBuffer frame = file.slice(begin, captured).order(ByteOrder.BIG_ENDIAN);
            int ip = link.findIpv4(frame, 0, captured);
            int totalLength = new Ipv4Header().wrap(frame, ip).totalLength();
            packets.add(frame.slice(ip, totalLength));
            offset = begin + captured;
        }
    }

    /** The target's responses in the order in which they were captured. */
    List<ByteBuffer> responses() {
        return packets.stream()
                .filter(packet -> tcp(packet).sourcePort() == TARGET_PORT)
                .toList();
    }

    /** What each tcpcopy connection sent to intercept, in pieces as they were captured. */
    Map<Integer, List<ByteBuffer>> toIntercept() {
        Map<Integer, List<ByteBuffer>> streams = new TreeMap<>();
        for (ByteBuffer packet : packets) {
            if (tcp(packet).destinationPort() == TUNNEL_PORT) {
                addPayload(streams, tcp(packet).sourcePort(), packet);
            }
        }
        return streams;
    }

    /** What intercept sent to each tcpcopy connection, in pieces as they were captured. */
    Map<Integer, List<ByteBuffer>> fromIntercept() {
        Map<Integer, List<ByteBuffer>> streams = new TreeMap<>();
        for (ByteBuffer packet : packets) {
            if (tcp(packet).sourcePort() == TUNNEL_PORT) {
                addPayload(streams, tcp(packet).destinationPort(), packet);
            }
        }
        return streams;
    }

    /** A stream of which the pieces were captured. */
    static ByteBuffer joined(List<ByteBuffer> pieces) {
        ByteBuffer whole =
                ByteBuffer.allocate(pieces.stream().mapToInt(ByteBuffer::limit).sum());
        pieces.forEach(piece -> whole.put(piece.duplicate()));
        return whole.flip();
    }

    private static void addPayload(Map<Integer, List<ByteBuffer>> streams, int port, ByteBuffer packet) {
        TcpHeader tcp = tcp(packet);
        int start = tcp.offset() + tcp.headerLength();
        if (start < packet.limit()) {
            streams.computeIfAbsent(port, unused -> new ArrayList<>()).add(packet.slice(start, packet.limit() - start));
        }
    }

    private static TcpHeader tcp(ByteBuffer packet) {
        return new TcpHeader().wrap(packet, new Ipv4Header().wrap(packet, 0).headerLength());
    }

    private static ByteBuffer load(String name) {
        try (InputStream in = GoldenCapture.class.getResourceAsStream("/golden/" + name)) {
            return ByteBuffer.wrap(in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
