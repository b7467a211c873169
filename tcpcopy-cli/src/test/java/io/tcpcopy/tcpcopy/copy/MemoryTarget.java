package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.UdpHeader;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * A target in memory: takes connections, answers each request with a few bytes, and what comes twice with what it has
 * answered last. It keeps what it has read.
 */
final class MemoryTarget {
    private static final int HEADERS_LENGTH = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
    private static final int ISS = 5000;
    private static final int RESPONSE_BYTES = 10;

    private final Consumer<ByteBuffer> network;
    private final Map<Integer, Connection> connections = new HashMap<>();
    private final List<Connection> all = new ArrayList<>();
    private final List<String> datagrams = new ArrayList<>();
    private final Flow flow = new Flow();
    private int resets;

    private static final class Connection {
        private final ByteArrayOutputStream read = new ByteArrayOutputStream();
        private int rcvNxt;
        private int sndNxt = ISS + 1;
        private ByteBuffer lastResponse;
    }

    /** A target whose packets go to a network. */
    MemoryTarget(Consumer<ByteBuffer> network) {
        this.network = network;
    }

    /** What was read of all connections, the oldest first. */
    List<String> read() {
        return all.stream()
                .map(connection -> connection.read.toString(StandardCharsets.ISO_8859_1))
                .toList();
    }

    /** The datagrams that have come: from where, to where, and what they say. */
    List<String> datagrams() {
        return datagrams;
    }

    private static String text(ByteBuffer packet, Ipv4Header ip) {
        UdpHeader udp = new UdpHeader().wrap(packet, ip.headerLength());
        byte[] payload = new byte[udp.length() - UdpHeader.LENGTH];
        packet.get(udp.offset() + UdpHeader.LENGTH, payload);
        return "%s to %s: %s"
                .formatted(
                        Endpoint.ipv4(ip.source(), udp.sourcePort()),
                        Endpoint.ipv4(ip.destination(), udp.destinationPort()),
                        new String(payload, StandardCharsets.ISO_8859_1));
    }

    /** Resets the connection of which something has come last. */
    void reset() {
        Connection connection = connections.remove(flow.clientPort());
        network.accept(segment(connection.sndNxt, connection.rcvNxt, TcpHeader.RST | TcpHeader.ACK, 0));
    }

    /** How many connections were reset. */
    int resets() {
        return resets;
    }

    /** A packet arrives. */
    void receive(ByteBuffer packet) {
        Ipv4Header ip = new Ipv4Header().wrap(packet, 0);
        if (ip.protocol() == Ipv4Header.PROTOCOL_UDP) {
            datagrams.add(text(packet, ip));
            return;
        }
        TcpHeader tcp = new TcpHeader().wrap(packet, ip.headerLength());
        flow.client(ip.source(), tcp.sourcePort()).server(ip.destination(), tcp.destinationPort());
        int payloadOffset = ip.headerLength() + tcp.headerLength();
        byte[] payload = new byte[packet.capacity() - payloadOffset];
        packet.get(payloadOffset, payload);
        Connection connection = connections.get(tcp.sourcePort());
        if (tcp.has(TcpHeader.RST)) {
            resets += connections.remove(tcp.sourcePort()) == null ? 0 : 1;
        } else if (tcp.has(TcpHeader.SYN)) {
            accept(tcp);
        } else if (connection != null) {
            take(connection, tcp, payload);
        }
    }

    private void accept(TcpHeader syn) {
        Connection connection = connections.get(syn.sourcePort());
        if (connection == null) {
            connection = new Connection();
            connection.rcvNxt = syn.seq() + 1;
            connections.put(syn.sourcePort(), connection);
            all.add(connection);
        }
        network.accept(segment(ISS, connection.rcvNxt, TcpHeader.SYN | TcpHeader.ACK, 0));
    }

    private void take(Connection connection, TcpHeader tcp, byte[] payload) {
        boolean fin = tcp.has(TcpHeader.FIN);
        if (payload.length == 0 && !fin) {
            return;
        }
        if (tcp.seq() != connection.rcvNxt) {
            respondAgain(connection);
            return;
        }
        connection.read.writeBytes(payload);
        connection.rcvNxt += payload.length + (fin ? 1 : 0);
        int responseBytes = payload.length > 0 ? RESPONSE_BYTES : 0;
        connection.lastResponse = segment(
                connection.sndNxt,
                connection.rcvNxt,
                TcpHeader.ACK | (fin ? TcpHeader.FIN : TcpHeader.PSH),
                responseBytes);
        connection.sndNxt += responseBytes + (fin ? 1 : 0);
        network.accept(connection.lastResponse);
    }

    private void respondAgain(Connection connection) {
        if (connection.lastResponse != null) {
            network.accept(connection.lastResponse);
        }
    }

    private ByteBuffer segment(int seq, int ack, int flags, int payloadLength) {
        int length = HEADERS_LENGTH + payloadLength;
        ByteBuffer packet = ByteBuffer.allocate(length);
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(length)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(flow.serverAddress())
                .destination(flow.clientAddress());
        new TcpHeader()
                .wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(flow.serverPort())
                .destinationPort(flow.clientPort())
                .seq(seq)
                .ack(ack)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags)
                .window(65535);
        return packet;
    }
}
