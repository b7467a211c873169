package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.net.Network;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.TunnelMode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;

/** A probe whose loop is turned by hand, with a target that answers what a test says, after 2 ms. */
final class ProbedWorld {
    static final Address ONLINE = Address.ipv4(0x0A000001);
    static final Endpoint TARGET = Endpoint.ipv4(0x0A000002, 8080);
    static final Endpoint INTERCEPT = Endpoint.ipv4(0x0A000003, 36524);
    static final Address CLIENT = Address.ipv4(0x0A010909);
    static final Address OTHER_CLIENT = Address.ipv4(0x0A01090A);

    private static final long ROUND_TRIP_NS = TimeUnit.MILLISECONDS.toNanos(2);
    /** The turn in which the SYN leaves follows that in which all is ready. */
    private static final long AT_ONCE_NS = 1;

    private static final int TARGET_ISS = 5000;

    final LoopWorld world = new LoopWorld();
    final MemoryNetwork.Host online = world.host(ONLINE);
    final EventLoop loop = world.loop(online);
    final TestSink sink = new TestSink(this::arrives);
    /** The segments that have left: flags and numbers, relative to the client's first one, by source address. */
    final Map<Address, List<String>> sent = new HashMap<>();
    /** SYNs that have left before their route. */
    final List<String> unrouted = new ArrayList<>();
    /** What the target answers to a SYN; null for nothing. */
    BiFunction<ProbedWorld, Flow, ByteBuffer> target = (world, flow) -> null;

    Optional<NextHop> nextHop = Optional.of(new NextHop("10.0.0.2 on back", true));
    boolean dnat;
    boolean onTargets;
    final List<Endpoint> intercepts = new ArrayList<>(List.of(INTERCEPT));
    TestPath path = TestPath.up();
    Network network = online;
    private final Map<Address, Integer> iss = new HashMap<>();
    private List<Handshake> handshakes;
    private List<Tunnel> tunnels;

    private void arrives(ByteBuffer packet) {
        Ipv4Header ip = new Ipv4Header().wrap(packet, 0);
        TcpHeader tcp = new TcpHeader().wrap(packet, ip.headerLength());
        Address source = Address.ipv4(ip.source());
        int first = iss.computeIfAbsent(source, any -> tcp.seq());
        String flags = tcp.flags() == TcpHeader.SYN ? "S" : tcp.flags() == TcpHeader.RST ? "R" : "?";
        sent.computeIfAbsent(source, any -> new ArrayList<>()).add(flags + " " + (tcp.seq() - first));
        if (tcp.flags() == TcpHeader.SYN) {
            Flow flow =
                    new Flow().client(ip.source(), tcp.sourcePort()).server(ip.destination(), tcp.destinationPort());
            if (!path.open.contains(flow.toString())) {
                unrouted.add(flow.toString());
            }
            ByteBuffer answer = target.apply(this, flow);
            if (answer != null) {
                loop.timer(() -> path.response(answer)).schedule(ROUND_TRIP_NS);
            }
        }
    }

    /** The target's answer to the SYN of a flow. */
    ByteBuffer answer(Flow flow, Endpoint from, int flags, int acknowledgedMore) {
        ByteBuffer record = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
        new Ipv4Header()
                .wrap(record, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(from.address().bits())
                .destination(flow.clientAddress());
        new TcpHeader()
                .wrap(record, Ipv4Header.MIN_LENGTH)
                .sourcePort(from.port())
                .destinationPort(flow.clientPort())
                .seq(TARGET_ISS)
                .ack(iss.get(Address.ipv4(flow.clientAddress())) + 1 + acknowledgedMore)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags);
        return record;
    }

    /** A target that accepts. */
    static ByteBuffer accepting(ProbedWorld world, Flow flow) {
        return world.answer(flow, TARGET, TcpHeader.SYN | TcpHeader.ACK, 0);
    }

    /** A target that refuses. */
    static ByteBuffer refusing(ProbedWorld world, Flow flow) {
        return world.answer(flow, TARGET, TcpHeader.RST | TcpHeader.ACK, 0);
    }

    /** Begins to probe: the first SYN has left, if it can. */
    void begin(Address... clients) {
        tunnels = List.of(new Tunnel(INTERCEPT, path));
        begin(tunnels, clients);
    }

    /** Begins to probe with other return paths. */
    void begin(List<Tunnel> newTunnels, Address... clients) {
        tunnels = newTunnels;
        Settings settings = Settings.of(List.of(new Transfer(new Endpoint(Address.ANY, 80), TARGET)))
                .dnat(dnat)
                .build();
        handshakes = Probe.handshakes(List.of(clients), settings.targets(), ONLINE::equals);
        new ProbeRun(new ProbeParts(loop, sink, tunnels, network), settings, handshakes).start();
        world.pass(AT_ONCE_NS);
    }

    /** Lets the probe come to its end. */
    List<Finding> end() {
        world.until("the probe ends", loop::isStopped);
        ReturnPathSettings returnPath = new ReturnPathSettings(intercepts, onTargets, 1, TunnelMode.DEFAULT, false);
        return new ProbeFindings(returnPath, tunnels, handshakes, address -> nextHop)
                .all()
                .all();
    }

    /** Begins and comes to the end. */
    List<Finding> probe(Address... clients) {
        begin(clients);
        return end();
    }
}
