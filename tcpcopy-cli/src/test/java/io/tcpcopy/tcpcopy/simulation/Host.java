package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** A host with its connections: hands each what arrives for it, and answers what is for none with RST. */
final class Host {
    /** Answers SYNs: makes the connection's end. */
    @FunctionalInterface
    interface Listener {
        Tcp accept(TcpPacket syn, int iss);
    }

    /** Twenty full segments: what a congestion window soon grows to. */
    static final int USUAL_IN_FLIGHT = 20 * 1460;
    /** What it grows to where nothing is lost for long. */
    static final int MUCH_IN_FLIGHT = 500_000;

    /** Initial numbers rise by one each 64 ns (RFC 6528; Linux: secure_tcp_seq), from a secret number for each four-tuple. */
    private static final int CLOCK_NS = 64;
    /** A connection that takes the place of one in TIME-WAIT is numbered beyond it (Linux: tcp_timewait_state_process). */
    private static final int BEYOND_TIME_WAIT = 65537;

    private final Events events;
    private final Coverage coverage;
    private final Consumer<TcpPacket> network;
    private final Listener listener;
    private final int secret;
    private final boolean closesBothWays;
    private final boolean ignoresResetsInTimeWait;
    private final int maxInFlight;
    private final Map<Ends, Tcp> connections = new HashMap<>();

    private int nextId;

    /**
     * A host on a network.
     *
     * @param secret from which initial numbers follow
     * @param closesBothWays whether an application that has closed reads nothing any more
     * @param ignoresResetsInTimeWait as Linux with tcp_rfc1337 (RFC 1337)
     * @param maxInFlight how much of a connection's bytes are sent at most before they are acknowledged
     * @param listener for a host of clients null
     */
    Host(
            Events events,
            Coverage coverage,
            int secret,
            boolean closesBothWays,
            boolean ignoresResetsInTimeWait,
            int maxInFlight,
            Consumer<TcpPacket> network,
            Listener listener) {
        this.events = events;
        this.coverage = coverage;
        this.secret = secret;
        this.closesBothWays = closesBothWays;
        this.ignoresResetsInTimeWait = ignoresResetsInTimeWait;
        this.maxInFlight = maxInFlight;
        this.network = network;
        this.listener = listener;
    }

    Coverage coverage() {
        return coverage;
    }

    boolean closesBothWays() {
        return closesBothWays;
    }

    boolean ignoresResetsInTimeWait() {
        return ignoresResetsInTimeWait;
    }

    int maxInFlight() {
        return maxInFlight;
    }

    void add(Tcp tcp) {
        connections.put(ends(tcp), tcp);
    }

    /** The connection between two ends, or null. */
    Tcp connection(Ends ends) {
        return connections.get(ends);
    }

    void send(TcpPacket packet) {
        network.accept(packet);
    }

    /** A connection has ended: its place is free. */
    void ended(Tcp tcp) {
        connections.remove(ends(tcp), tcp);
    }

    void receive(TcpPacket packet) {
        Tcp tcp = connections.get(listener == null ? Ends.ofServerPacket(packet) : Ends.ofClientPacket(packet));
        if (tcp != null && isReuse(tcp, packet)) {
            coverage.count(Figure.TIME_WAITS_REUSED);
            accept(packet, tcp.sndNxt() + BEYOND_TIME_WAIT);
        } else if (tcp != null) {
            tcp.receive(packet);
        } else if (listener != null && packet.isSyn() && !packet.has(TcpHeader.ACK)) {
            accept(packet, initialNumber(packet.source()));
        } else if (!packet.isRst()) {
            reset(packet);
        }
    }

    private int initialNumber(Endpoint client) {
        // Not the endpoint's hash code, which is another one in each virtual machine.
        return secret * (31 * client.address().bits() + client.port()) + (int) (events.nowNs() / CLOCK_NS);
    }

    private void accept(TcpPacket syn, int iss) {
        connections.put(Ends.ofClientPacket(syn), listener.accept(syn, iss));
    }

    /** RFC 9293, section 3.6.1; RFC 6191: a SYN that cannot be of the connection in TIME-WAIT opens a new one. */
    private boolean isReuse(Tcp tcp, TcpPacket packet) {
        return listener != null
                && tcp.state() == Tcp.State.TIME_WAIT
                && packet.isSyn()
                && (TcpSeq.greaterThan(packet.seq(), tcp.rcvNxt())
                        || packet.options().timestamps()
                                && TcpSeq.greaterThan(packet.options().value(), tcp.recentTimestamp()));
    }

    /** Answers a packet with RST (RFC 9293, section 3.10.7.1). */
    void reset(TcpPacket packet) {
        boolean acknowledges = packet.has(TcpHeader.ACK);
        send(new TcpPacket(
                packet.destination(),
                packet.source(),
                nextId++ & 0xFFFF,
                acknowledges ? TcpHeader.RST : TcpHeader.RST | TcpHeader.ACK,
                acknowledges ? packet.ack() : 0,
                acknowledges ? 0 : packet.end(),
                0,
                TcpPacket.Options.NONE,
                new byte[0]));
    }

    /** Those of its connections that are not over. */
    List<Tcp> openConnections() {
        return connections.values().stream()
                .filter(tcp -> tcp.state() != Tcp.State.TIME_WAIT)
                .toList();
    }

    private Ends ends(Tcp tcp) {
        return listener == null ? new Ends(tcp.local(), tcp.remote()) : new Ends(tcp.remote(), tcp.local());
    }
}
