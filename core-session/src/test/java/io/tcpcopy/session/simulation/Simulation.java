package io.tcpcopy.session.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.session.DropReason;
import io.tcpcopy.session.Replay;
import io.tcpcopy.session.SessionCounter;
import io.tcpcopy.session.Settings;
import io.tcpcopy.session.Transfer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;

/** Clients, one replay, and a server for each client, until nothing happens any more. */
final class Simulation {
    private static final int CLIENT = 0x0A010001;
    private static final int ONLINE = 0x0A010064;
    private static final int ONLINE_PORT = 80;
    private static final int TARGET = 0x0A020064;
    private static final int TARGET_PORT = 8080;
    private static final int FIRST_PORT = 40000;
    private static final int MAX_PACKET = 1 << 16;
    private static final int NEAR_WRAP = 10_000;
    /** How much higher a host numbers its next connection. */
    private static final int SEQUENCE_STEP = 1 << 20;

    private static final long LIMIT_NS = TimeUnit.SECONDS.toNanos(1000);
    /** No session needs a turn more often than this, on average, even where everything is lost again and again. */
    private static final int MAX_TURNS = 200_000;

    private final Events events = new Events();
    private final Random random;
    private final Replay replay;
    private final LossyPath toTarget;
    private final LossyPath fromTarget;
    private int lastIss;
    private final ByteBuffer buffer = ByteBuffer.allocate(MAX_PACKET);
    private final Map<Integer, TargetHost> hosts = new HashMap<>();
    private final Map<Conversation, TargetServer> servers = new LinkedHashMap<>();

    Simulation(long seed, double loss) {
        random = new Random(seed);
        Settings settings = Settings.of(List.of(new Transfer(ONLINE, ONLINE_PORT, TARGET, TARGET_PORT)))
                .build();
        replay = new Replay(settings, this::inject, new AllRoutes());
        toTarget = new LossyPath(
                events, random, loss, packet -> hosts.get(packet.port()).take(packet));
        fromTarget = new LossyPath(events, random, loss, this::respond);
    }

    /** A conversation of a client of its own; returns when its last packet is captured. */
    long add(long startNs, double closesAfterResponse, boolean randomWindows) {
        // Near the wrap of numbers as often as not.
        int iss = random.nextBoolean() ? random.nextInt() : -1 - random.nextInt(NEAR_WRAP);
        return add(FIRST_PORT + hosts.size(), iss, startNs, closesAfterResponse, randomWindows);
    }

    /** A conversation of the client that was added last, from the same port. */
    long addOfSameClient(long startNs) {
        return add(FIRST_PORT + hosts.size() - 1, lastIss + SEQUENCE_STEP, startNs, 0, false);
    }

    private long add(int port, int iss, long startNs, double closesAfterResponse, boolean randomWindows) {
        lastIss = iss;
        Conversation conversation = new Conversation(port, iss, random, events, this::capture);
        TargetServer server =
                new TargetServer(conversation, random, events, closesAfterResponse, randomWindows, fromTarget::send);
        servers.put(conversation, server);
        hosts.computeIfAbsent(port, key -> new TargetHost()).add(server);
        return conversation.start(startNs);
    }

    void run() {
        int turns = 0;
        long nextNs = Math.min(events.nextNs(), replay.nextDeadlineNs());
        while (nextNs <= LIMIT_NS) {
            assertThat(++turns).as("turns").isLessThan(MAX_TURNS);
            events.advanceTo(nextNs);
            replay.turn(events.nowNs());
            replay.runDue();
            assertThat(replay.nextDeadlineNs()).as("next deadline").isGreaterThan(events.nowNs());
            assertThat(replay.ledger().waitingBytes()).as("bytes waiting").isNotNegative();
            nextNs = Math.min(events.nextNs(), replay.nextDeadlineNs());
        }
    }

    /** Every request of every client was read once and in order, and the ledger says so. */
    void expectEverythingDelivered() {
        long length = 0;
        for (Map.Entry<Conversation, TargetServer> entry : servers.entrySet()) {
            assertThat(entry.getValue().requestsRead())
                    .as("requests read")
                    .isEqualTo(entry.getKey().requests());
            length += entry.getKey().length();
        }
        assertThat(replay.liveSessions()).as("sessions").isZero();
        assertThat(replay.ledger().deliveredBytes()).as("bytes delivered").isEqualTo(length);
        assertThat(replay.ledger().waitingBytes()).as("bytes waiting").isZero();
        assertThat(replay.ledger().waitingRequests()).as("requests waiting").isZero();
        for (DropReason reason : DropReason.values()) {
            if (reason != DropReason.DUPLICATE && reason != DropReason.OLD_PART) {
                assertThat(replay.ledger().droppedBytes(reason))
                        .as("%s", reason)
                        .isZero();
            }
        }
        assertThat(replay.counters().get(SessionCounter.RESPONSE_NOT_AWAITED))
                .as("responses not awaited")
                .isZero();
    }

    /** No request came before the response to the one before. */
    void expectOneRequestAfterTheOther() {
        for (TargetServer server : servers.values()) {
            assertThat(server.earlyPackets()).as("early packets").isZero();
        }
    }

    /** Every client has closed its connection to the server, and every server knows. */
    void expectEverythingClosed() {
        for (TargetServer server : servers.values()) {
            assertThat(server.clientClosed()).as("client's FIN arrived").isTrue();
            assertThat(server.isClosed()).as("server closed").isTrue();
        }
    }

    private void capture(TcpPacket packet) {
        replay.turn(events.nowNs());
        int length = packet.writeCaptured(buffer, CLIENT, ONLINE, ONLINE_PORT);
        replay.clientPacket(buffer, 0, length, length, events.nowNs());
    }

    private void respond(TcpPacket packet) {
        replay.turn(events.nowNs());
        replay.response(buffer, 0, packet.writeResponse(buffer, CLIENT, TARGET, TARGET_PORT));
    }

    private void inject(ByteBuffer packet, int offset, int length) {
        toTarget.send(TcpPacket.read(packet, offset, length));
    }
}
