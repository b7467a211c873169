package io.tcpcopy.tcpcopy.simulation;

import static io.tcpcopy.tcpcopy.simulation.Expectations.expect;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.session.Counted;
import io.tcpcopy.session.LiveSessions;
import io.tcpcopy.session.PayloadInspection;
import io.tcpcopy.session.SkippedPayload;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;

/** Clients, an online server, both programs, and a target. All that happens follows from the seed. */
final class World {
    private static final int ONLINE_ADDRESS = 0x0A010064;
    private static final int ONLINE_PORT = 80;
    private static final Endpoint TARGET = Endpoint.ipv4(0x0A020064, 8080);

    private static final int MAX_BETWEEN_LOSSES_NS = (int) TimeUnit.SECONDS.toNanos(2);
    private static final int MAX_BETWEEN_STEPS_NS = (int) TimeUnit.SECONDS.toNanos(1);
    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(3000);
    /** Stragglers of connections that are over. */
    private static final long AFTERMATH_NS = TimeUnit.SECONDS.toNanos(20);
    /** No connection needs so many turns on average, even where everything is lost again and again. */
    private static final int MAX_TURNS_FOR_EACH = 20_000;
    /** In one of so many worlds in which responses may be lost there are connections whose responses nobody hears. */
    private static final int UNHEARD_WORLDS_ONE_IN = 4;

    private static final int UNHEARD_ONE_IN = 20;
    /** Packets that are damaged in one turn. */
    private static final int SOME = 2;
    /** Every session is looked at after so many turns: not after each, to save time. */
    private static final int INSPECTION_INTERVAL = 64;

    /** So far apart the programs' turns are at the most, where they have much to do. */
    private static final long BETWEEN_TURNS_NS = TimeUnit.MICROSECONDS.toNanos(500);

    private final int size;
    private final Trace trace;
    private final Nature nature;
    private final Weather weather;
    private final Coverage coverage = new Coverage();
    private final CopiedConnections connections = new CopiedConnections();
    private final LoopWorld loops;
    private final Events events;
    private final Paths paths;
    private final Capture capture;
    private final Clients clients;
    private final Host online;
    private final Host target;
    private final Programs programs;
    private final Expectations expectations;

    private final CaptureClock captureClock;
    private final Strays strays;
    private final Unrouted unrouted = new Unrouted();
    private final Stragglers stragglers;
    private final Echoes echoes;
    private final Conflicts conflicts;
    private final TargetStrays targetStrays;
    /** Of which connections nobody hears the responses. */
    private final Random unheardLots;

    private final boolean unheardOccur;
    /** Of the tunnel's loss. */
    private final Random tunnelLosses;
    /** Of what happens on the online host, apart, since it must not depend on what is copied. */
    private final Random onlineLots;

    private long stalledUntilNs;
    private long limitNs;
    private int turns;
    private int programTurns;

    /**
     * A world in which so many ports are used.
     *
     * @param trace where what happens is written
     */
    World(long seed, int size, Trace trace) {
        this.size = size;
        this.trace = trace;
        // Seeds that are near each other would give worlds that begin alike.
        Random random = new Random(new SplittableRandom(seed).nextLong());
        Weather fair = Weather.any(random);
        Weather any = random.nextInt(4) == 0 ? fair.droppingCaptures(random) : fair;
        weather = any.sometimesStalling(lots(seed, "stalling"));
        nature = Nature.any(random, weather);
        tunnelLosses = new Random(random.nextLong());
        onlineLots = new Random(random.nextLong());
        SplittableRandom targetLots = new SplittableRandom(seed ^ "target".hashCode());
        loops = new LoopWorld(clockNs -> new Tunnel(clockNs, random, coverage, weather, this::stallsUntil));
        events = new Events(loops::nowNs);
        captureClock = new CaptureClock(loops::nowNs, new Random(random.nextLong()), coverage);
        List<Endpoint> addresses = new ArrayList<>();
        for (int i = 0; i < nature.onlineAddresses(); i++) {
            addresses.add(Endpoint.ipv4(ONLINE_ADDRESS + i, ONLINE_PORT));
        }
        paths = new Paths(events, random, coverage, weather, new SplittableRandom(seed ^ "distance".hashCode()));
        clients = new Clients(
                events,
                random,
                coverage,
                nature,
                size,
                addresses,
                connections,
                paths::fromClient,
                this::joinClient,
                this::opened,
                this::skip);
        online = new Host(
                events,
                coverage,
                random.nextInt(),
                false,
                false,
                Host.USUAL_IN_FLIGHT,
                paths::fromOnlineServer,
                this::acceptOnline);
        target = new Host(
                events,
                coverage,
                random.nextInt(),
                true,
                nature.targetRemembers(),
                targetLots.nextInt(3) == 0 ? Host.MUCH_IN_FLIGHT : Host.USUAL_IN_FLIGHT,
                paths::fromTarget,
                this::acceptOnTarget);
        AssistantCapture assistant =
                new AssistantCapture(events, targetLots.nextLong(), coverage, weather, this::captureResponse);
        paths.joinTarget(this::arriveAtTarget, assistant::take);
        capture = new Capture(events, random, coverage, weather, this::capture, this::drop);
        strays = new Strays(
                events,
                new Random(random.nextLong()),
                coverage,
                nature,
                online,
                clients,
                connections,
                this::strayArrives);
        stragglers = new Stragglers(events, lots(seed, "stragglers"), coverage, online, this::stragglerArrives);
        echoes = new Echoes(events, lots(seed, "echoes"), coverage, online, connections, this::echoArrives);
        conflicts = new Conflicts(
                events, lots(seed, "conflicts"), coverage, online, connections, this::isHeld, this::conflictArrives);
        targetStrays =
                new TargetStrays(events, lots(seed, "strays of the target"), coverage, weather, this::captureResponse);
        unheardLots = lots(seed, "unheard");
        unheardOccur = !weather.copiesSafely() && unheardLots.nextInt(UNHEARD_WORLDS_ONE_IN) == 0;

        Endpoint from = addresses.size() == 1 ? addresses.get(0) : new Endpoint(Address.ANY, ONLINE_PORT);
        Transfer transfer = new Transfer(from, TARGET);
        programs = new Programs(loops, captureClock, random, coverage, weather, transfer, this::leave, this::respond);
        expectations =
                new Expectations(nature, weather, coverage, programs, paths, connections, conflicts, target, trace);
    }

    /** A world's lots for one purpose, of which no others depend. */
    private static Random lots(long seed, String purpose) {
        return new Random(new SplittableRandom(seed ^ purpose.hashCode()).nextLong());
    }

    Coverage coverage() {
        return coverage;
    }

    /** Lets everything happen. */
    void run() {
        programs.start();
        limitNs = events.nowNs() + LIMIT_NS;
        clients.start();
        if (weather.lonely()) {
            loseTunnelLater();
        }
        if (nature.clockSteps()) {
            stepClockLater();
        }
        while (clients.areBusy() || programs.engine().liveSessions() > 0) {
            turn();
        }
        long endNs = events.nowNs() + AFTERMATH_NS;
        while (events.nowNs() < endNs && events.nextNs() != Long.MAX_VALUE) {
            turn();
        }
        while (programs.engine().liveSessions() + Counted.of(programs.engine(), SessionGauge.ENDED) > 0) {
            turn();
        }
        expectations.checkEnd();
        programs.finish();
    }

    private void loseTunnelLater() {
        events.after(1 + tunnelLosses.nextInt(MAX_BETWEEN_LOSSES_NS), () -> {
            if (clients.areBusy()) {
                programs.loseTunnel(tunnelLosses.nextBoolean());
                loseTunnelLater();
            }
        });
    }

    private void stepClockLater() {
        events.after(1 + onlineLots.nextInt(MAX_BETWEEN_STEPS_NS), () -> {
            if (clients.areBusy()) {
                captureClock.step();
                stepClockLater();
            }
        });
    }

    private void turn() {
        long nextNs = Math.min(events.nextNs(), programs.nextNs());
        expect(nextNs < limitNs, "all sessions end");
        expect(++turns < MAX_TURNS_FOR_EACH * size, "few turns");
        loops.timeIs(nextNs);
        events.runDue();
        if (programs.turn()) {
            unrouted.turned(Counted.of(programs.engine(), SessionCounter.NO_ROUTE));
            conflicts.taken();
            expectations.check(events.nowNs());
            if (++programTurns % INSPECTION_INTERVAL == 0) {
                programs.inspect();
            }
        }
    }

    private void stallsUntil(long untilNs) {
        stalledUntilNs = Math.max(stalledUntilNs, untilNs);
    }

    /** Since when the tunnel does not stall, which is the present where it does. */
    private long movingSinceNs() {
        return Math.min(events.nowNs(), stalledUntilNs);
    }

    // -------------------------------------------------------------------------------------------------------- servers

    private Tcp acceptOnline(TcpPacket syn, int iss) {
        Ends ends = Ends.ofClientPacket(syn);
        Plan plan = connections.find(ends, syn.seq()).plan();
        Application server = new ServerApplication(plan, events, coverage, false, 0, () -> clients.connection(ends));
        return Tcp.answer(online, events, syn, plan.traitsOfServer(false), server, 0, iss);
    }

    private Tcp acceptOnTarget(TcpPacket syn, int iss) {
        CopiedConnection copied = connections.copying(syn);
        coverage.count(Figure.TARGET_CONNECTIONS);
        int begin = copied.targetConnectionBegins(syn.seq());
        expectations.checkBegin(copied, begin);
        ServerApplication server = new ServerApplication(copied.plan(), events, coverage, true, begin, () -> null);
        Application application = new TargetApplication(server, copied, events, this::movingSinceNs, begin);
        Tcp tcp = Tcp.answer(target, events, syn, copied.plan().traitsOfServer(true), application, 0, iss);
        targetStrays.mayCome(tcp);
        return tcp;
    }

    // ---------------------------------------------------------------------------------------------------- the packets

    private void joinClient(Endpoint client) {
        paths.joinClient(client, this::arriveOnline, packet -> clients.receive(packet));
    }

    private void opened(CopiedConnection copied) {
        if (unheardOccur && unheardLots.nextInt(UNHEARD_ONE_IN) == 0) {
            coverage.count(Figure.UNHEARD);
            copied.remainsUnheard();
        }
        stragglers.mayCome(copied);
        if (nature.strays()) {
            strays.comeLater(copied);
        }
    }

    /** Leaves out bytes that a client sends, wherever it is copied to; false while that is not possible. */
    private boolean skip(CopiedConnection copied, int bytes) {
        Tcp client = clients.connection(copied.ends());
        Tcp server = online.connection(copied.ends());
        Tcp copy = copied.target();
        boolean arrived = client.isQuiet() && server != null && server.hasAllOf(client) && copy != null;
        int address = copied.ends().client().address().bits();
        if (!arrived || !copy.hasAllOf(client) || !SkippedPayload.skip(programs.engine(), address, bytes)) {
            return false;
        }
        client.skipSending(bytes);
        server.skipReceiving(bytes);
        copy.skipReceiving(bytes);
        copied.skip(bytes);
        coverage.count(Figure.MIB_SKIPPED_UPWARDS, bytes >> 20);
        return true;
    }

    private void arriveOnline(TcpPacket packet) {
        if (isDamaged(packet)) {
            capture.takeAlone(packet, this::captureDamaged);
        } else {
            capture.take(packet);
            online.receive(packet);
            conflicts.mayFollow(packet);
        }
    }

    private boolean isDamaged(TcpPacket packet) {
        return onlineLots.nextDouble() < weather.damaged()
                && nature.checksums() == Checksums.RIGHT
                && showsChecksums(packet)
                && !packet.looksUnfilled();
    }

    /** Whether the session can know that a wrong checksum of this client means something. */
    private boolean showsChecksums(TcpPacket packet) {
        Ends ends = Ends.ofClientPacket(packet);
        return LiveSessions.checksumSurplus(programs.engine(), ends.client(), ends.server()) > SOME;
    }

    private CopiedConnection owner(TcpPacket packet) {
        return connections.find(Ends.ofClientPacket(packet), packet.seq());
    }

    private void capture(TcpPacket packet) {
        CopiedConnection copied = owner(packet);
        if (copied.isUncaptured(packet)) {
            stragglers.uncaptured(copied, packet);
            return;
        }
        trace.add(events.nowNs(), "c>", copied, packet);
        copied.captured(packet, events.nowNs());
        unrouted.captured(copied);
        programs.captureClients(bytes(packet));
        echoes.mayFollow(copied, packet);
    }

    private void drop(TcpPacket packet) {
        stragglers.uncaptured(owner(packet), packet);
    }

    private void captureDamaged(TcpPacket packet) {
        CopiedConnection copied = owner(packet);
        if (copied.isUncaptured(packet)) {
            return;
        }
        coverage.count(Figure.PACKETS_DAMAGED);
        trace.add(events.nowNs(), "damaged c>", copied, packet);
        programs.captureClients(packet.toDamagedBytes(onlineLots.nextInt()));
    }

    private void stragglerArrives(CopiedConnection copied, TcpPacket packet) {
        captureAlone("straggling c>", copied, packet);
        online.receive(packet);
    }

    private void echoArrives(CopiedConnection copied, TcpPacket packet) {
        captureAlone("again c>", copied, packet);
    }

    private void captureAlone(String arrow, CopiedConnection copied, TcpPacket packet) {
        capture.takeAlone(packet, captured -> {
            trace.add(events.nowNs(), arrow, copied, captured);
            copied.captured(captured, events.nowNs());
            programs.captureClients(bytes(captured));
        });
    }

    private void conflictArrives(CopiedConnection copied, TcpPacket packet) {
        capture.takeAlone(packet, captured -> {
            trace.add(events.nowNs(), "conflicting c>", copied, captured);
            copied.captured(captured, events.nowNs());
            conflicts.captured(captured);
            programs.captureClients(bytes(captured));
        });
        online.receive(packet);
    }

    private boolean isHeld(TcpPacket packet) {
        Endpoint client = packet.source();
        return PayloadInspection.isHeld(
                programs.engine(), client.address().bits(), client.port(), packet.seq(), packet.length());
    }

    private void strayArrives(CopiedConnection copied, TcpPacket packet) {
        capture.takeAlone(packet, captured -> {
            if (!looksLikeConnection(captured)) {
                trace.add(events.nowNs(), "stray c>", copied, captured);
                programs.captureClients(bytes(captured));
            }
        });
        online.receive(packet);
    }

    /** Whether nothing tells a stray SYN from a true one, since the client's connection is not copied now. */
    private boolean looksLikeConnection(TcpPacket packet) {
        Ends ends = Ends.ofClientPacket(packet);
        return packet.isSyn() && !LiveSessions.has(programs.engine(), ends.client(), ends.server());
    }

    /** A packet as it is captured. */
    private ByteBuffer bytes(TcpPacket packet) {
        return switch (nature.checksums()) {
            case RIGHT -> packet.toBytes();
            case UNFILLED -> unfilled(packet);
            case SOME_UNFILLED -> onlineLots.nextBoolean() ? packet.toBytes() : unfilled(packet);
            case WRONG -> {
                coverage.count(Figure.CHECKSUMS_WRONG);
                yield packet.toBytesWithWrongChecksum(onlineLots.nextInt());
            }
        };
    }

    private ByteBuffer unfilled(TcpPacket packet) {
        coverage.count(Figure.CHECKSUMS_UNFILLED);
        return packet.toBytesToBeFilledIn();
    }

    private void leave(ByteBuffer bytes) {
        Expectations.checkLeaving(bytes, TARGET);
        TcpPacket packet = TcpPacket.read(bytes);
        CopiedConnection copied = connections.copying(packet);
        if (packet.isSyn()) {
            copied.synLeaves(packet.seq(), events.nowNs());
            if (packet.source().port() != copied.ends().client().port()) {
                coverage.count(Figure.PORTS_CHANGED);
            }
        }
        trace.add(events.nowNs(), "t<", copied, packet);
        expect(!copied.isStray(), "no SYN from nowhere is copied");
        Tcp end = target.connection(Ends.ofClientPacket(packet));
        if (end != null) {
            expectations.checkLeaving(packet, end, events.nowNs());
        }
        paths.fromTcpcopy(packet);
    }

    private void arriveAtTarget(TcpPacket packet) {
        trace.add(events.nowNs(), " t", connections.copying(packet), packet);
        Ends ends = Ends.ofClientPacket(packet);
        Tcp before = target.connection(ends);
        target.receive(packet);
        if (packet.isSyn() && before != null && before == target.connection(ends) && before.irs() != packet.seq()) {
            coverage.count(Figure.SYNS_CHALLENGED);
        }
    }

    private void captureResponse(TcpPacket packet) {
        if (connections.answered(packet).isUnheard()) {
            return;
        }
        programs.captureTargets(packet.toBytes());
    }

    private void respond(ResponseRecord record) {
        TcpPacket packet = TcpPacket.readHeaders(record.buffer(), record.ip().offset());
        CopiedConnection answered = connections.answered(packet);
        trace.add(events.nowNs(), "s>", answered, packet);
        if (packet.has(TcpHeader.ACK)) {
            // It comes too late for what waits to leave, which does so in the turn after there is room.
            long leftNs = programs.roomFromNs() + weather.turnNs() + BETWEEN_TURNS_NS;
            if (leftNs <= events.nowNs()) {
                acknowledged(packet);
            } else {
                events.at(leftNs, () -> acknowledged(packet));
            }
        }
    }

    private void acknowledged(TcpPacket packet) {
        connections.owners(packet.destination(), packet.ack()).forEach(copied -> copied.acknowledged(packet.ack()));
    }
}
