package io.tcpcopy.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpOptions;
import io.tcpcopy.session.Counted;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.SessionInspection;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.DropReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Clients, an online server, one replay, and a target. All that happens follows from the seed. */
final class World {
    private static final Endpoint ONLINE = Endpoint.ipv4(0x0A010064, 80);
    private static final Endpoint TARGET = Endpoint.ipv4(0x0A020064, 8080);
    private static final int FIRST_CLIENT = 0x0A030001;
    private static final int CLIENT_ADDRESSES = 20;
    private static final int FIRST_PORT = 20_000;

    private static final int MAX_PACKET = 1 << 16;
    private static final int NEAR_WRAP = 20_000;
    private static final int MAX_NUMBERS_BETWEEN = 1 << 22;

    private static final int MAX_UNCAPTURED = 8;
    private static final int MAX_APART_NS = (int) TimeUnit.MILLISECONDS.toNanos(40);
    private static final int MAX_CLIENT_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(40);
    private static final int MAX_TARGET_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(3);
    private static final int MAX_UNUSED_S = 10;
    private static final long KEEPALIVE_NS = TimeUnit.SECONDS.toNanos(8);

    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(3000);
    /** Stragglers of connections that are over. */
    private static final long AFTERMATH_NS = TimeUnit.SECONDS.toNanos(20);
    /** No connection needs so many turns on average, even where everything is lost again and again. */
    private static final int MAX_TURNS_FOR_EACH = 20_000;
    /** Every session is looked at after so many turns: not after each, to save time. */
    private static final int INSPECTION_INTERVAL = 64;

    private final long seed;
    private final Random random;
    private final Events events = new Events();
    private final Coverage coverage = new Coverage();
    private final boolean orderly;
    private final Weather weather;
    private final SessionEngine engine;
    private final Host clients;
    private final Host online;
    private final Host target;
    private final Link toTarget;
    private final Link fromTarget;
    private final Capture capture;
    private final Map<Endpoint, Link> toOnline = new HashMap<>();
    private final Map<Endpoint, Link> fromOnline = new HashMap<>();
    private final Map<Endpoint, List<CopiedConnection>> connections = new HashMap<>();
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_PACKET);
    private final CapturedPacket captured = new CapturedPacket();
    private final Trace trace;
    private final int size;

    private int added;
    private int open;
    private int turns;

    /**
     * A world in which so many connections begin.
     *
     * @param trace where what happens is written
     */
    World(long seed, int size, Trace trace) {
        this.seed = seed;
        this.size = size;
        this.trace = trace;
        // Seeds that are near each other would give worlds that begin alike.
        random = new Random(new SplittableRandom(seed).nextLong());
        orderly = random.nextBoolean();
        Weather fair = Weather.any(random);
        weather = random.nextInt(4) == 0 ? fair.droppingCaptures(random) : fair;
        Settings settings = Settings.of(List.of(new Transfer(ONLINE, TARGET))).build();
        engine = new SessionEngine(settings, this::inject, new AllRoutes());
        clients = new Host(events, coverage, random.nextInt(), false, this::fromClient, null);
        online = new Host(events, coverage, random.nextInt(), false, this::fromOnlineServer, this::acceptOnline);
        Tunnel tunnel = new Tunnel(events, random, coverage, weather, this::respond);
        int targetDelayNs = random.nextInt(MAX_TARGET_DELAY_NS);
        toTarget = new Link(events, random, coverage, weather.target(), targetDelayNs, this::arriveAtTarget);
        fromTarget = new Link(events, random, coverage, weather.target(), targetDelayNs, tunnel::send);
        target = new Host(events, coverage, random.nextInt(), true, fromTarget::send, this::acceptOnTarget);
        capture = new Capture(events, random, coverage, weather, this::capture);
    }

    Coverage coverage() {
        return coverage;
    }

    // ------------------------------------------------------------------------------------------------ the connections

    private void addNext() {
        Endpoint client = Endpoint.ipv4(FIRST_CLIENT + random.nextInt(CLIENT_ADDRESSES), FIRST_PORT + added++);
        int delayNs = random.nextInt(random.nextBoolean() ? MAX_CLIENT_DELAY_NS : MAX_CLIENT_DELAY_NS / 100);
        toOnline.put(client, new Link(events, random, coverage, weather.online(), delayNs, this::arriveOnline));
        fromOnline.put(client, new Link(events, random, coverage, weather.online(), delayNs, clients::receive));
        connections.put(client, new ArrayList<>());
        connect(client, null);
        if (added < size) {
            events.after(random.nextInt(MAX_APART_NS), this::addNext);
        }
    }

    /** Opens a connection from a client's port, perhaps one that was used before. */
    private void connect(Endpoint client, Tcp before) {
        Plan plan = new Plan(random, orderly);
        int iss = plan.has(Behaviour.SEQUENCE_WRAP) ? -1 - random.nextInt(NEAR_WRAP) : random.nextInt();
        if (before != null) {
            iss = before.sndNxt() + 1 + random.nextInt(MAX_NUMBERS_BETWEEN);
            clients.ended(before);
        }
        CopiedConnection copied = new CopiedConnection(
                client,
                plan,
                random.nextLong(),
                iss,
                plan.has(Behaviour.MID_STREAM) ? 1 + random.nextInt(MAX_UNCAPTURED) : 0);
        connections.get(client).add(copied);
        coverage.count(Figure.CONNECTIONS);
        plan.behaviours().forEach(coverage::count);
        open++;
        Tcp[] tcp = new Tcp[1];
        Application application = new ClientApplication(plan, random, events, coverage, new Runnable() {
            private boolean done;

            @Override
            public void run() {
                if (!done) {
                    done = true;
                    open--;
                    closed(copied, tcp[0]);
                }
            }
        });
        tcp[0] = Tcp.open(clients, events, client, ONLINE, traits(plan, true), application, copied.stream(), iss);
        clients.add(tcp[0]);
    }

    private void closed(CopiedConnection copied, Tcp tcp) {
        if (tcp.state() == Tcp.State.CLOSED) {
            copied.clientAborted();
        }
        if (copied.plan().has(Behaviour.PORT_REUSED) && !copied.plan().has(Behaviour.CLIENT_VANISHES)) {
            open++;
            awaitPortFree(copied.client(), tcp);
        }
    }

    private void awaitPortFree(Endpoint client, Tcp tcp) {
        if (tcp.state() != Tcp.State.CLOSED && tcp.state() != Tcp.State.TIME_WAIT) {
            events.after(MAX_APART_NS, () -> awaitPortFree(client, tcp));
            return;
        }
        long unusedNs = random.nextInt(3) == 0 ? 0 : TimeUnit.SECONDS.toNanos(random.nextInt(MAX_UNUSED_S + 1));
        events.after(unusedNs, () -> {
            open--;
            connect(client, tcp);
        });
    }

    private Tcp.Traits traits(Plan plan, boolean ofClient) {
        boolean timestamps = !ofClient || !plan.has(Behaviour.NO_TIMESTAMPS);
        int scale = ofClient && plan.has(Behaviour.NO_WINDOW_SCALE) ? TcpOptions.ABSENT : 1 + random.nextInt(8);
        long keepaliveNs = plan.has(Behaviour.KEEPALIVE) ? KEEPALIVE_NS : Long.MAX_VALUE;
        int receiveBuffer = plan.has(Behaviour.CLOSED_WINDOW) ? 4000 : 64 << 10;
        return new Tcp.Traits(1460, timestamps, scale, receiveBuffer, random.nextBoolean(), keepaliveNs);
    }

    private Tcp acceptOnline(TcpPacket syn, int iss) {
        CopiedConnection copied = find(syn.source(), syn.seq());
        Application server = new ServerApplication(copied.plan(), events, coverage, false, 0);
        return Tcp.answer(online, events, syn, traits(copied.plan(), false), server, 0, iss);
    }

    private Tcp acceptOnTarget(TcpPacket syn, int iss) {
        CopiedConnection copied = find(syn.source(), syn.seq());
        coverage.count(Figure.TARGET_CONNECTIONS);
        int begin = copied.targetConnectionBegins(syn.seq());
        ServerApplication server = new ServerApplication(copied.plan(), events, coverage, true, begin);
        Application application = new TargetApplication(server, copied, begin);
        return Tcp.answer(target, events, syn, traits(copied.plan(), false), application, 0, iss);
    }

    /** The client's connection that a number in the client's stream belongs to: the newest one of the port that it may. */
    private CopiedConnection find(Endpoint client, int number) {
        List<CopiedConnection> ofPort = connections.get(client);
        for (int i = ofPort == null ? -1 : ofPort.size() - 1; i >= 0; i--) {
            if (ofPort.get(i).owns(number)) {
                return ofPort.get(i);
            }
        }
        throw new AssertionError("no connection of %s has the number %d".formatted(client, number));
    }

    // ---------------------------------------------------------------------------------------------------- the packets

    private void fromClient(TcpPacket packet) {
        toOnline.get(packet.source()).send(packet);
    }

    private void fromOnlineServer(TcpPacket packet) {
        fromOnline.get(packet.destination()).send(packet);
    }

    private void arriveOnline(TcpPacket packet) {
        capture.take(packet);
        online.receive(packet);
    }

    private void capture(TcpPacket packet) {
        CopiedConnection copied = find(packet.source(), packet.seq());
        if (copied.isBeforeCapture()) {
            return;
        }
        trace.add(events.nowNs(), "c>", copied, packet);
        copied.captured(packet);
        engine.turn(events.nowNs());
        int length = packet.write(buffer);
        engine.clientPacket(captured.wrap(buffer, 0, length, length, events.nowNs()));
        check();
    }

    private void inject(ByteBuffer packet, int offset, int length) {
        Ipv4Header ip = new Ipv4Header().wrap(packet, offset);
        TcpHeader tcp = new TcpHeader().wrap(packet, offset + Ipv4Header.MIN_LENGTH);
        TcpPacket read = TcpPacket.read(packet, offset);
        expect(read.destination().equals(TARGET), "packets leave for the target alone");
        expect(connections.containsKey(read.source()), "packets leave as of a client");
        expect(ip.totalLength() == length, "the length is the packet's");
        expect(
                tcp.checksum()
                        == Checksum.tcp(
                                packet, ip.source(), ip.destination(), tcp.offset(), length - Ipv4Header.MIN_LENGTH),
                "the checksum is right");
        if (read.isSyn()) {
            find(read.source(), read.seq()).synLeaves(read.seq());
        }
        trace.add(events.nowNs(), "t<", connections.get(read.source()).get(0), read);
        toTarget.send(read);
    }

    private void arriveAtTarget(TcpPacket packet) {
        trace.add(events.nowNs(), " t", connections.get(packet.source()).get(0), packet);
        target.receive(packet);
    }

    private void respond(TcpPacket packet) {
        trace.add(events.nowNs(), "s>", connections.get(packet.destination()).get(0), packet);
        if (packet.has(TcpHeader.ACK)) {
            connections.get(packet.destination()).stream()
                    .filter(copied -> copied.owns(packet.ack()))
                    .forEach(copied -> copied.acknowledged(packet.ack()));
        }
        engine.turn(events.nowNs());
        engine.response(buffer, 0, packet.writeHeaders(buffer));
        check();
    }

    // ------------------------------------------------------------------------------------------------- the invariants

    /** Lets everything happen. */
    void run() {
        addNext();
        while (open > 0 || engine.liveSessions() > 0) {
            turn();
        }
        long endNs = events.nowNs() + AFTERMATH_NS;
        while (events.nowNs() < endNs && events.nextNs() != Long.MAX_VALUE) {
            turn();
        }
        while (engine.liveSessions() + Counted.of(engine, SessionGauge.ENDED) > 0) {
            turn();
        }
        checkEnd();
    }

    private void turn() {
        long nextNs = Math.min(events.nextNs(), engine.nextDeadlineNs());
        expect(nextNs < LIMIT_NS, "all sessions end");
        expect(++turns < MAX_TURNS_FOR_EACH * size, "few turns");
        events.advanceTo(nextNs);
        engine.turn(events.nowNs());
        engine.runDue();
        expect(engine.nextDeadlineNs() > events.nowNs(), "the next deadline is to come");
        check();
        if (turns % INSPECTION_INTERVAL == 0) {
            SessionInspection.check(engine, events.nowNs());
        }
    }

    /** As assertThat, which would take most of the time. */
    private static void expect(boolean condition, String what) {
        if (!condition) {
            throw new AssertionError("not so: " + what);
        }
    }

    /** After every step. */
    private void check() {
        if (engine.held().bytes() != engine.ledger().waitingBytes()
                || engine.held().requests() != engine.ledger().waitingRequests()) {
            throw new AssertionError("the ledger has %d bytes and %d requests waiting, sessions hold %d and %d"
                    .formatted(
                            engine.ledger().waitingBytes(),
                            engine.ledger().waitingRequests(),
                            engine.held().bytes(),
                            engine.held().requests()));
        }
    }

    private void checkEnd() {
        assertThat(engine.ledger().waitingBytes())
                .as("bytes waiting at the end")
                .isZero();
        long captured = 0;
        long arrived = 0;
        long probes = 0;
        List<CopiedConnection> incomplete = new ArrayList<>();
        for (List<CopiedConnection> ofPort : connections.values()) {
            for (CopiedConnection copied : ofPort) {
                captured += copied.capturedBytes();
                arrived += copied.arrivedBytes();
                probes += copied.probes();
                coverage.count(Figure.SENT_AGAIN, copied.sentAgain());
                if (copied.arrivedBytes() < copied.capturedBytes()) {
                    incomplete.add(copied);
                }
                if (mustArriveWhole(copied)) {
                    trace.choose(copied.client());
                    assertThat(copied.arrivedBytes())
                            .as("%s: bytes that arrived; the ledger: %s", copied, dropped())
                            .isEqualTo(copied.plan().length());
                }
            }
        }
        if (orderly) {
            // What is in flight when a gap is given up may have arrived without the session's hearing of it.
            long unheard = weather.capturesDropped() == 0 ? 0 : engine.ledger().droppedBytes(DropReason.GAP);
            assertThat(engine.ledger().deliveredBytes())
                    .as("bytes delivered; the ledger: %s; %s", dropped(), incomplete)
                    .isBetween(arrived - unheard, arrived);
        }
        coverage.count(Figure.BYTES, captured);
        coverage.count(Figure.NOT_DELIVERED, captured - arrived);
        assertThat(captured - arrived)
                .as("bytes that did not arrive; the ledger: %s; %s", dropped(), incomplete)
                .isLessThanOrEqualTo(droppedBytes() + probes);
    }

    private boolean mustArriveWhole(CopiedConnection copied) {
        Plan plan = copied.plan();
        boolean calm = weather.equals(Weather.calm());
        boolean readily = !plan.has(Behaviour.SLOW_TARGET) && !plan.has(Behaviour.CLOSED_WINDOW);
        // Five SYNs, or all answers to them, may be lost: then the session gives up, and the ledger says so.
        boolean answered = engine.ledger().droppedBytes(DropReason.NO_ANSWER) == 0;
        return weather.capturesDropped() == 0
                && answered
                && !copied.isClientAborted()
                && !plan.has(Behaviour.CLIENT_RESETS)
                && !plan.has(Behaviour.MID_STREAM)
                && !plan.targetEndsConnections()
                && (!plan.has(Behaviour.PORT_REUSED) || calm && readily);
    }

    /**
     * Bytes that the ledger names as not delivered. What the client repeated is not among them, but where there may be
     * gaps: what comes late into one that was given up counts as repeated.
     */
    private long droppedBytes() {
        boolean gaps = weather.capturesDropped() > 0 || !weather.online().equals(Weather.Path.CALM);
        long sum = 0;
        for (DropReason reason : DropReason.values()) {
            if (gaps || reason != DropReason.DUPLICATE && reason != DropReason.OLD_PART) {
                sum += engine.ledger().droppedBytes(reason);
            }
        }
        return sum;
    }

    private String dropped() {
        StringBuilder text = new StringBuilder();
        for (DropReason reason : DropReason.values()) {
            long bytes = engine.ledger().droppedBytes(reason);
            if (bytes > 0) {
                text.append(reason.text()).append(' ').append(bytes).append(", ");
            }
        }
        return text.toString();
    }
}
