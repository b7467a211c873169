package io.tcpcopy.session;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * An engine, and what an undisturbed network brings it: one connection after the other, each with the target's responses, while
 * time passes. Allocates nothing itself.
 */
final class SmoothTraffic {
    private static final int CLIENT = 0x0A010001;
    private static final int ONLINE = 0x0A010064;
    private static final int TARGET = 0x0A020064;
    private static final int REQUEST = 400;
    private static final int HEADERS = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
    private static final int CLIENT_ISS = 1000;
    private static final int TARGET_ISS = 5000;
    private static final int ONLINE_ISS = 9000;
    private static final long ROUND_TRIP_NS = TimeUnit.MILLISECONDS.toNanos(2);

    private final SessionEngine engine = new SessionEngine(
            Settings.of(List.of(new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080))))
                    .build(),
            packet -> {},
            new AllRoutes(),
            Faults::rethrow);
    private final ByteBuffer packet = ByteBuffer.allocateDirect(HEADERS + REQUEST);
    private final CapturedPacket captured = new CapturedPacket();
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();

    private long nowNs = TimeUnit.SECONDS.toNanos(1);
    private int port = 1024;
    private int clientSeq;
    private int onlineSeq;
    private int targetSeq;

    /** The engine that takes it. */
    SessionEngine engine() {
        return engine;
    }

    /** A client with another port opens a connection. */
    void open() {
        port = port == 65535 ? 1024 : port + 1;
        clientSeq = CLIENT_ISS;
        onlineSeq = ONLINE_ISS;
        targetSeq = TARGET_ISS;
        capture(TcpHeader.SYN, 0);
        clientSeq++;
        onlineSeq++;
        respond(TcpHeader.SYN | TcpHeader.ACK, 0);
        targetSeq++;
        pass(ROUND_TRIP_NS);
        capture(TcpHeader.ACK, 0);
    }

    /** A request, with a response that is acknowledged by itself since the client waits before it goes on. */
    void request() {
        capture(TcpHeader.ACK | TcpHeader.PSH, REQUEST);
        clientSeq += REQUEST;
        respond(TcpHeader.ACK | TcpHeader.PSH, REQUEST);
        targetSeq += REQUEST;
        onlineSeq += REQUEST;
        capture(TcpHeader.ACK, 0);
        pass(2 * ROUND_TRIP_NS);
    }

    /** The client closes it, then the target. */
    void close() {
        capture(TcpHeader.ACK | TcpHeader.FIN, 0);
        clientSeq++;
        respond(TcpHeader.ACK | TcpHeader.FIN, 0);
        pass(ROUND_TRIP_NS);
    }

    private void pass(long durationNs) {
        long until = nowNs + durationNs;
        for (long next = engine.nextDeadlineNs(); next <= until; next = engine.nextDeadlineNs()) {
            nowNs = Math.max(nowNs, next);
            engine.turn(nowNs);
            engine.runDue();
        }
        nowNs = until;
        engine.turn(nowNs);
    }

    private void capture(int flags, int payloadLength) {
        engine.turn(nowNs);
        int ack = (flags & TcpHeader.ACK) == 0 ? 0 : onlineSeq;
        write(CLIENT, port, ONLINE, 80, flags, clientSeq, ack, payloadLength);
        int length = HEADERS + payloadLength;
        engine.clientPacket(captured.wrap(packet, 0, length, length, nowNs), OutgoingPacket.TIME_UNKNOWN);
    }

    private void respond(int flags, int payloadLength) {
        engine.turn(nowNs);
        write(TARGET, 8080, CLIENT, port, flags, targetSeq, clientSeq, payloadLength);
        engine.response(packet, 0, HEADERS);
    }

    private void write(
            int source,
            int sourcePort,
            int destination,
            int destinationPort,
            int flags,
            int seq,
            int ack,
            int payloadLength) {
        ip.wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(HEADERS + payloadLength)
                .dontFragment(true)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(source)
                .destination(destination);
        tcp.wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(sourcePort)
                .destinationPort(destinationPort)
                .seq(seq)
                .ack(ack)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags)
                .window(65535);
    }
}
