package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.table.MemoryUse;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A replay under any traffic. What happens is read from bytes, any bytes: client packets and responses whose numbers
 * fit more or less, so that sessions are reached, some of them damaged or nothing but garbage; time that passes;
 * intercepts that go and come back. After each event the ledger must balance, memory be within its budget and no timer
 * be due without effect; whatever is injected must be a whole packet for a target with its checksum right; and when all
 * sessions have ended, nothing may be left of them.
 */
final class HostileTraffic {
    private static final int ONLINE = 0x0A010064;
    private static final int TARGET = 0x0A020064;
    private static final List<Transfer> TRANSFERS = List.of(
            new Transfer(Endpoint.ipv4(ONLINE, 80), Endpoint.ipv4(TARGET, 8080)),
            new Transfer(Endpoint.ipv4(0, 81), Endpoint.ipv4(TARGET + 1, 8081)));
    private static final int[] CLIENTS = {0x0A010001, 0x0A010002, 0x7F000001, TARGET};
    private static final int[] PORTS = {40000, 40000, 1, 65535};

    private static final int[] FLAGS = {
        TcpHeader.SYN,
        TcpHeader.ACK,
        TcpHeader.ACK | TcpHeader.PSH,
        TcpHeader.ACK | TcpHeader.FIN,
        TcpHeader.RST,
        TcpHeader.SYN | TcpHeader.ACK,
        TcpHeader.ACK | TcpHeader.PSH | TcpHeader.URG | TcpHeader.FIN | TcpHeader.CWR
    };
    private static final byte[][] OPTIONS = {
        {},
        {2, 4, 5, (byte) 0xB4, 1, 3, 3, 7, 4, 2, 8, 10, 0, 0, 0, 9, 0, 0, 0, 0},
        {1, 1, 8, 10, 0, 0, 0, 10, 0, 0, 0, 9},
        {8, 10, 0, 0, 0, 11, 0, 0, 0, 9, 3, 3, 15, 5}
    };
    private static final long[] DURATIONS_NS = {
        TimeUnit.MICROSECONDS.toNanos(10),
        TimeUnit.MILLISECONDS.toNanos(1),
        TimeUnit.MILLISECONDS.toNanos(10),
        TimeUnit.MILLISECONDS.toNanos(100),
        TimeUnit.SECONDS.toNanos(1),
        TimeUnit.SECONDS.toNanos(5),
        TimeUnit.SECONDS.toNanos(20),
        TimeUnit.SECONDS.toNanos(800)
    };

    private static final int HEADERS = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
    private static final int RECORD_LENGTH = 64;
    /** Every other packet begins at an odd place of its buffer, which ends with it. */
    private static final int IN_FRONT = 15;

    private static final int SMALL_MTU = 576;
    /** So little that sessions have to end soon. */
    private static final int SMALL_BUDGET = 40_000;
    /** One packet and its session come before room is made, and as many copies as there are. */
    private static final int ONE_MORE = 80_000;
    /** Beyond what any session has left to do. */
    private static final long ALL_FORGOTTEN_NS = TimeUnit.SECONDS.toNanos(7);

    private static final int MAX_EVENTS = 200;
    private static final int MAX_IDLE_TURNS = 50;
    private static final int REMEMBERED = 8;

    private final ByteBuffer script;
    private final CapturedPacket captured = new CapturedPacket();
    private final Settings settings;
    private final SessionEngine engine;
    private final int[] clientSeq = new int[CLIENTS.length];
    private final int[] clientAck = new int[CLIENTS.length];
    /** The last packets that were injected, one after the other: what responses answer. */
    private final Injected[] injected = new Injected[REMEMBERED];

    private int injections;
    private int packets;
    private long happenings;
    private long nowNs = TimeUnit.SECONDS.toNanos(1);
    private boolean routesWork = true;

    /** A packet that was injected. */
    private record Injected(int source, int destination, TcpHeader tcp, int payloadLength) {
        /** The number behind it. */
        int end() {
            return tcp.seq() + payloadLength + (tcp.has(TcpHeader.SYN | TcpHeader.FIN) ? 1 : 0);
        }
    }

    HostileTraffic(byte[] bytes) {
        script = ByteBuffer.wrap(bytes);
        int choice = next();
        Settings.Builder builder = Settings.of(TRANSFERS)
                .copies((choice & 1) == 0 ? 1 : 3)
                .mtu((choice & 2) == 0 ? Settings.DEFAULT_MTU : SMALL_MTU)
                .waitForResponse((choice & 4) == 0)
                .wholeSessionsOnly((choice & 8) != 0)
                .dnat((choice & 128) != 0);
        if ((choice & 16) != 0) {
            builder.memoryBudget(SMALL_BUDGET).heapBudget(SMALL_BUDGET);
        }
        if ((choice & 32) != 0) {
            builder.clientAddresses(List.of(Address.ipv4(0x0A050001), Address.ipv4(0x0A050002)))
                    .portShiftFactor(7);
        }
        if ((choice & 64) != 0) {
            builder.loopbackClient(Address.ipv4(0x0A050003));
        }
        settings = builder.build();
        engine = new SessionEngine(settings, new WireLink(this::inject), new SomeRoutes(), Faults::rethrow);
        Arrays.fill(injected, new Injected(0, 0, new TcpHeader().wrap(ByteBuffer.allocate(HEADERS), 0), 0));
        Arrays.fill(clientSeq, -100);
    }

    /** Lets everything happen; throws when something goes wrong. */
    void run() {
        for (int i = 0; i < MAX_EVENTS && script.hasRemaining(); i++) {
            engine.turn(nowNs);
            happen(next());
            checkState();
        }
        engine.turn(nowNs);
        engine.endAll(DropReason.STOPPED);
        checkState();
        assertThat(engine.liveSessions()).as("sessions").isZero();
        assertThat(engine.ledger().waitingBytes()).as("bytes waiting").isZero();
        assertThat(engine.ledger().waitingRequests()).as("requests waiting").isZero();
        // In a pause no time would pass for what is left of sessions.
        engine.resume();
        pass(ALL_FORGOTTEN_NS);
        assertThat(Counted.of(engine, SessionGauge.MEMORY)).as("memory in use").isZero();
    }

    /** The lowest three bits choose what happens, the others to or through whom. */
    private void happen(int event) {
        int who = event >>> 3;
        switch (event & 7) {
            case 0, 1, 2 -> clientPacket(who % CLIENTS.length, who / CLIENTS.length);
            case 3, 4 -> response(who % REMEMBERED, who / REMEMBERED);
            case 5 -> pass(DURATIONS_NS[who % DURATIONS_NS.length]);
            case 6 -> garbage((who & 1) == 0);
            default -> control(who);
        }
    }

    private void control(int what) {
        switch (what % 6) {
            case 0 -> engine.pause();
            case 1 -> engine.resume();
            case 2 -> routesWork = false;
            case 3 -> routesWork = true;
            case 4 -> engine.endAll(DropReason.NO_INTERCEPT);
            default -> engine.forEachRoute((number, flow) -> {});
        }
    }

    private void clientPacket(int client, int kind) {
        int flags = flags();
        int seq = clientSeq[client] + distance();
        int ack = clientAck[client] + distance();
        int payload = length();
        byte[] options = OPTIONS[kind % OPTIONS.length];
        int headers = HEADERS + options.length;
        ByteBuffer packet = buffer(headers + payload);
        int offset = packet.capacity() - headers - payload;
        boolean uncut = kind >= OPTIONS.length;
        writeHeaders(packet, offset, headers, uncut ? 0 : payload);
        if (uncut) {
            new Ipv4Header().wrap(packet, offset).totalLength(0);
        }
        new Ipv4Header()
                .wrap(packet, offset)
                .source(CLIENTS[client])
                .destination(ONLINE)
                .id(packets);
        new TcpHeader()
                .wrap(packet, offset + Ipv4Header.MIN_LENGTH)
                .sourcePort(PORTS[client])
                .destinationPort(client == 1 ? 81 : 80)
                .seq(seq)
                .ack(ack)
                .flags(flags)
                .urgentPointer(payload / 2);
        packet.put(offset + HEADERS, options);
        damage(packet, offset, kind);
        engine.clientPacket(
                captured.wrap(packet, offset, headers + payload, headers + payload, nowNs),
                OutgoingPacket.TIME_UNKNOWN);
        clientSeq[client] = seq + payload + ((flags & (TcpHeader.SYN | TcpHeader.FIN)) == 0 ? 0 : 1);
        clientAck[client] = ack;
    }

    private void response(int which, int kind) {
        int flags = flags();
        Injected answered = injected[which];
        int seq = answered.tcp.ack() + distance();
        int ack = answered.end() + distance();
        int payload = length();
        byte[] options = OPTIONS[kind % OPTIONS.length];
        ByteBuffer record = buffer(RECORD_LENGTH);
        int offset = record.capacity() - RECORD_LENGTH;
        writeHeaders(record, offset, HEADERS + options.length, payload);
        new Ipv4Header()
                .wrap(record, offset)
                .source(answered.destination)
                .destination(answered.source)
                .id(packets);
        new TcpHeader()
                .wrap(record, offset + Ipv4Header.MIN_LENGTH)
                .sourcePort(answered.tcp.destinationPort())
                .destinationPort(answered.tcp.sourcePort())
                .seq(seq)
                .ack(ack)
                .flags(flags)
                .window(next() << Byte.SIZE);
        record.put(offset + HEADERS, options);
        engine.response(record, offset, RECORD_LENGTH);
    }

    private void garbage(boolean fromClient) {
        byte[] bytes = new byte[Math.min(next(), script.remaining())];
        script.get(bytes);
        if (fromClient) {
            engine.clientPacket(
                    captured.wrap(ByteBuffer.wrap(bytes), 0, bytes.length, bytes.length + next(), nowNs),
                    OutgoingPacket.TIME_UNKNOWN);
        } else {
            engine.response(ByteBuffer.wrap(bytes), 0, bytes.length);
        }
    }

    /** Changes a byte of the headers. */
    private void damage(ByteBuffer packet, int offset, int kind) {
        if (kind == OPTIONS.length - 1) {
            packet.put(offset + next() % HEADERS, (byte) next());
        }
    }

    private static void writeHeaders(ByteBuffer buffer, int offset, int headers, int payload) {
        new Ipv4Header()
                .wrap(buffer, offset)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(headers + payload)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP);
        new TcpHeader()
                .wrap(buffer, offset + Ipv4Header.MIN_LENGTH)
                .headerLength(headers - Ipv4Header.MIN_LENGTH)
                .window(1000);
    }

    private ByteBuffer buffer(int length) {
        packets++;
        return ByteBuffer.allocate(length + (packets % 2 == 0 ? IN_FRONT : 0));
    }

    // ------------------------------------------------------------------------------------------------ from the bytes

    private int next() {
        return script.hasRemaining() ? script.get() & 0xFF : 0;
    }

    private int flags() {
        int choice = next();
        return choice < 0xC0 ? FLAGS[choice % FLAGS.length] : next();
    }

    /** None, or up to 2^31, forwards or backwards. */
    private int distance() {
        int choice = next();
        if (choice < 0x80) {
            return choice & 0x0F;
        }
        return (byte) (choice << 2) << (choice & 0x18);
    }

    /** None, some bytes, some segments, or as much as there can be. */
    private int length() {
        int choice = next();
        if (choice < 0x80) {
            return choice;
        }
        return choice == 0xFF ? Ipv4Header.MAX_TOTAL_LENGTH - HEADERS - 20 : (choice & 0x7F) * 64;
    }

    // ---------------------------------------------------------------------------------------------------------- time

    private void pass(long durationNs) {
        long until = nowNs + durationNs;
        int idleTurns = 0;
        while (engine.nextDeadlineNs() <= until) {
            nowNs = Math.max(nowNs, engine.nextDeadlineNs());
            long happenedBefore = happenings;
            engine.turn(nowNs);
            engine.runDue();
            checkState();
            require(engine.nextDeadlineNs() > nowNs, "nothing is due any more");
            idleTurns = happenings == happenedBefore ? idleTurns + 1 : 0;
            require(idleTurns < MAX_IDLE_TURNS, "turns have an effect");
        }
        nowNs = until;
        engine.turn(nowNs);
    }

    // --------------------------------------------------------------------------------------------- what must be true

    private void checkState() {
        LedgerBalance.check(engine);
        require(engine.ledger().waitingBytes() >= 0, "bytes that wait are not negative");
        long ofLiveSessions = Counted.of(engine, SessionGauge.MEMORY)
                - Counted.of(engine, SessionGauge.ENDED) * MemoryUse.ENDED_SESSION_BYTES;
        require(
                ofLiveSessions <= settings.memoryBudget() + (long) settings.copies() * ONE_MORE,
                "memory is within its budget");
    }

    private void inject(ByteBuffer buffer, int length) {
        int offset = 0;
        Ipv4Header ip = new Ipv4Header().wrap(buffer, offset);
        require(ip.isValid(length) && ip.headerLength() == Ipv4Header.MIN_LENGTH, "the IPv4 header has no options");
        require(ip.totalLength() == length, "the total length is that of the packet");
        require(length <= settings.mtu(), "the packet fits the MTU");
        require(!ip.isFragment(), "the packet is no fragment");
        require(ip.protocol() == Ipv4Header.PROTOCOL_TCP, "the packet is TCP");
        int tcpOffset = offset + Ipv4Header.MIN_LENGTH;
        int tcpLength = length - Ipv4Header.MIN_LENGTH;
        TcpHeader tcp = new TcpHeader().wrap(copy(buffer, tcpOffset, tcpLength), 0);
        require(tcp.isValid(tcpLength), "the TCP header is whole");
        int checksum = Checksum.tcp(buffer, ip.source(), ip.destination(), tcpOffset, tcpLength);
        require(tcp.checksum() == checksum, "the checksum is right");
        require(isTarget(ip.destination(), tcp.destinationPort()), "the packet goes to a target");
        require(
                !tcp.has(TcpHeader.SYN) || !tcp.has(TcpHeader.ACK | TcpHeader.RST | TcpHeader.FIN),
                "no flags contradict each other");
        injected[injections % REMEMBERED] =
                new Injected(ip.source(), ip.destination(), tcp, tcpLength - tcp.headerLength());
        injections++;
        happenings++;
    }

    private static boolean isTarget(int address, int port) {
        for (Transfer transfer : TRANSFERS) {
            if (transfer.target().equals(Endpoint.ipv4(address, port))) {
                return true;
            }
        }
        return false;
    }

    /** An assertion that costs nothing: there are many, and a fuzzer is the better the more it can try. */
    private static void require(boolean holds, String what) {
        if (!holds) {
            throw new AssertionError("does not hold: " + what);
        }
    }

    private static ByteBuffer copy(ByteBuffer buffer, int offset, int length) {
        return ByteBuffer.allocate(length).put(0, buffer, offset, length);
    }

    private final class SomeRoutes implements Routes {
        @Override
        public boolean add(int sessionNumber, Flow flow) {
            happenings++;
            return routesWork;
        }

        @Override
        public void remove(int sessionNumber, Flow flow) {
            happenings++;
        }
    }
}
