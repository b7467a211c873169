package io.tcpcopy.session;

import static io.tcpcopy.timer.TimerHeap.NEVER;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.Ledger;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Runs a dialogue between a client, the session engine and a target, written line by line. {@link Segment} says how a packet is
 * written, {@link DialogueSettings} which settings there are. By custom the client's numbers begin at 1000, the target's at
 * 5000 and the online server's, of which only the client's acknowledgements tell, at 9000.
 *
 * <pre>
 * set mtu 600                                         before the first packet: a setting
 * client 10.1.0.9:4000                                the following packets are this client's, or for it
 * online 10.1.0.100:80                                the following client packets go there
 * target 10.2.0.100:8080                              the following lines speak of this target
 * handshake 20ms                                      the lines of {@link #HANDSHAKE}, with this round trip online
 *
 * c> S 1000:1000(0) win 65535 &lt;mss 1460,wscale 7>    a client packet is captured
 * route                                               a route must have been announced
 * t< S 1000:1000(0) &lt;mss 1460,wscale 7>              this packet must have been injected
 * s> S 5000:5000(0) ack 1001                          a response comes from the intercept
 * +100ms                                              time passes (us, ms, s)
 * stopped 2s                                          so much time passes in which the program does nothing
 * unroute                                             a route must have been withdrawn
 * intercepts gone, intercepts back                    the tunnel; one that is back is told the routes there are
 * routes fail, routes work                            whether a route reaches an intercept
 * at 20ms                                             the following client packets stand in a capture, with this time
 * ago 20ms                                            the following client packets were captured so long before they are read
 * capture ended, capture begins again                 the capture that is replayed
 * mtu 1000                                            the way to the target is narrower from now on
 * room gone, room back                                whether what injects has room for payload
 * end                                                 the program is stopped
 *
 * live 1, ended 1                                     sessions there are
 * memory 960                                          bytes that they are taken to hold
 * count RETRANSMITTED 1                               a counter
 * verdict FRAGMENT 1                                  what was said of captured packets
 * captured 100, delivered 100, waiting 0              the ledger, in bytes
 * dropped GAP 100                                     the ledger, in bytes, by reason
 * requests captured 1, requests delivered 1           the ledger, in requests; cutoff: of those delivered
 * answers 1                                           requests whose response time was recorded
 * </pre>
 *
 * What was injected must be named before anything else happens: an injected packet that no line names is a failure (of the line
 * behind the one that caused it), and so is an announced route where the dialogue names routes at all. After each line the ledger must balance, and no timer
 * may be due without effect again and again.
 *
 * <p>A dialogue is performed twice by one engine, whose sessions and packets are then used ones; but once if a line
 * {@code # once} says that it speaks of the start of the program.
 */
final class Dialogue {
    private static final String CLIENT = "10.1.0.1:40000";
    private static final List<String> HANDSHAKE = List.of(
            "c> S 1000:1000(0) <mss 1460>",
            "t< S 1000:1000(0) <mss 1460>",
            "s> S 5000:5000(0) ack 1001 <mss 1460>",
            "+RTT",
            "c> . 1001:1001(0) ack 9001",
            "t< . 1001:1001(0) ack 5001");

    private static final int MAX_PACKET = 1 << 20;
    /** A timer that moved later may be looked at in vain, but each only once. */
    private static final int MAX_IDLE_TURNS = 20;
    /** When nothing is left of a session that has ended, and its pair counts as forgotten by the target. */
    private static final long FORGOTTEN_AFTER_NS = TimeUnit.SECONDS.toNanos(62);

    private final List<String> statements;
    private final boolean namesRoutes;
    private final SessionEngine engine;
    private final WireLink wire = new WireLink(this::inject);
    private final Deque<Segment> injected = new ArrayDeque<>();
    private final Deque<String> routes = new ArrayDeque<>();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(MAX_PACKET);
    private final CapturedPacket captured = new CapturedPacket();
    private final Map<String, Long> measuredBefore = new HashMap<>();

    private String client;
    private String online;
    private String target;
    private int nextClientId = 1;
    private int nextResponseId = 1;
    private long nowNs = TimeUnit.SECONDS.toNanos(1000);
    /** When client packets were captured; {@link io.tcpcopy.timer.TimerHeap#NEVER} where they are captured now. */
    private long captureNs = NEVER;

    /** How long before they are read client packets were captured; NEVER where that is not known. */
    private long agoNs = NEVER;

    private boolean routesWork = true;
    private int lastId;
    private long happenings;

    Dialogue(List<String> lines) {
        statements = lines.stream().map(Dialogue::statement).toList();
        namesRoutes = statements.stream().anyMatch(line -> line.endsWith("route"));
        List<String> settings = statements.stream()
                .filter(line -> line.startsWith("set "))
                .map(line -> line.substring(line.indexOf(' ') + 1))
                .toList();
        engine = new SessionEngine(DialogueSettings.of(settings), wire, new RecordedRoutes(), Faults::rethrow);
        engine.turn(nowNs);
    }

    private static String statement(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    void perform() {
        client = CLIENT;
        online = DialogueSettings.ONLINE;
        target = DialogueSettings.TARGET;
        agoNs = NEVER;
        for (int number = 1; number <= statements.size(); number++) {
            String statement = statements.get(number - 1);
            try {
                if (!statement.isEmpty() && !statement.startsWith("set ")) {
                    step(statement);
                }
            } catch (RuntimeException | AssertionError problem) {
                throw new AssertionError("line " + number + ": " + statement + "\n" + problem.getMessage(), problem);
            }
        }
        expectNothingMore();
    }

    /** Ends what the performance has left, so that the next one finds nothing but used memory. */
    void clear() {
        engine.resume();
        engine.endAll(DropReason.STOPPED);
        LedgerBalance.check(engine);
        routesWork = true;
        pass(FORGOTTEN_AFTER_NS);
        assertThat(Counted.of(engine, SessionGauge.MEMORY))
                .as("bytes of memory held")
                .isZero();
        injected.clear();
        routes.clear();
        statements.stream()
                .filter(Dialogue::isMeasure)
                .forEach(statement -> measuredBefore.put(what(statement), measure(what(statement))));
    }

    private void step(String statement) {
        String rest = statement.substring(statement.indexOf(' ') + 1).strip();
        String word = statement.split(" ")[0];
        switch (word) {
            case "t<" -> expectInjected(Segment.parse(rest));
            case "route", "unroute" -> assertThat(routes.pollFirst()).isEqualTo(word);
            case "client" -> client = rest;
            case "online" -> online = rest;
            case "target" -> target = rest;
            case "at" -> captureNs = DialogueSettings.duration(rest);
            case "ago" -> agoNs = DialogueSettings.duration(rest);
            case "handshake" -> HANDSHAKE.forEach(line -> step(line.replace("RTT", rest)));
            default -> {
                expectNothingMore();
                if (isMeasure(statement)) {
                    expectMeasure(statement);
                } else {
                    happen(word, rest);
                    LedgerBalance.check(engine);
                }
            }
        }
    }

    // ------------------------------------------------------------------------------------------------- what happens

    private void happen(String word, String rest) {
        engine.turn(nowNs);
        switch (word) {
            case "c>" -> capture(Segment.parse(rest));
            case "s>" -> respond(Segment.parse(rest));
            case "intercepts" -> {
                if (rest.equals("gone")) {
                    engine.pause();
                } else {
                    engine.forEachRoute((number, flow) -> routes.addLast("route"));
                    engine.resume();
                }
            }
            case "capture" -> {
                if (rest.equals("ended")) {
                    engine.captureEnded();
                } else {
                    engine.captureBeginsAgain();
                }
            }
            case "routes" -> routesWork = rest.equals("work");
            case "mtu" -> wire.mtu(Integer.parseInt(rest));
            case "room" -> wire.room(rest.equals("back"));
            case "end" -> engine.endAll(DropReason.STOPPED);
            case "stopped" -> {
                nowNs += DialogueSettings.duration(rest);
                pass(0);
            }
            default -> {
                if (!word.startsWith("+")) {
                    throw new IllegalArgumentException("unknown word: " + word);
                }
                pass(DialogueSettings.duration(word.substring(1)));
            }
        }
        engine.turnEnded();
    }

    /** Packets without an id of their own count up, as a host's do. */
    private void capture(Segment segment) {
        segment.fields().putIfAbsent("id", nextClientId++);
        address(segment, client, online);
        int length = segment.write(packet);
        long arrivalNs = captureNs == NEVER ? nowNs : captureNs;
        engine.clientPacket(
                captured.wrap(packet, 0, length, length + segment.cut(), arrivalNs),
                agoNs == NEVER ? OutgoingPacket.TIME_UNKNOWN : nowNs - agoNs);
    }

    private void respond(Segment segment) {
        segment.fields().putIfAbsent("id", nextResponseId++);
        address(segment, target, client);
        int length = segment.write(packet);
        engine.response(packet, 0, length - segment.length());
    }

    private static void address(Segment segment, String source, String destination) {
        segment.fields().putIfAbsent("src", DialogueSettings.address(source));
        segment.fields().putIfAbsent("sport", DialogueSettings.port(source));
        segment.fields().putIfAbsent("dst", DialogueSettings.address(destination));
        segment.fields().putIfAbsent("dport", DialogueSettings.port(destination));
    }

    private void pass(long durationNs) {
        long until = nowNs + durationNs;
        int idleTurns = 0;
        while (engine.nextDeadlineNs() <= until) {
            nowNs = Math.max(nowNs, engine.nextDeadlineNs());
            long happenedBefore = happenings;
            engine.turn(nowNs);
            engine.runDue();
            engine.turnEnded();
            assertThat(engine.nextDeadlineNs()).as("next deadline").isGreaterThan(nowNs);
            idleTurns = happenings == happenedBefore ? idleTurns + 1 : 0;
            assertThat(idleTurns).as("turns in a row without effect").isLessThan(MAX_IDLE_TURNS);
        }
        nowNs = until;
        engine.turn(nowNs);
    }

    private void inject(ByteBuffer buffer, int length) {
        Ipv4Header ip = new Ipv4Header().wrap(buffer, 0);
        assertThat(ip.totalLength()).isEqualTo(length);
        assertThat(ip.id()).as("a repetition has another identification").isNotIn(0, lastId);
        lastId = ip.id();
        injected.addLast(Segment.of(buffer, 0));
        happenings++;
    }

    // --------------------------------------------------------------------------------------------- what is expected

    private void expectInjected(Segment expected) {
        expected.fields().putIfAbsent("dst", DialogueSettings.address(target));
        expected.fields().putIfAbsent("dport", DialogueSettings.port(target));
        Segment actual = injected.pollFirst();
        if (actual == null) {
            throw new AssertionError("nothing was injected");
        }
        if (!expected.matches(actual)) {
            throw new AssertionError("injected instead: " + actual);
        }
    }

    private void expectNothingMore() {
        assertThat(injected).as("injected, and no line names it").isEmpty();
        if (namesRoutes) {
            assertThat(routes).as("routes, and no line names them").isEmpty();
        }
    }

    private static boolean isMeasure(String statement) {
        return switch (statement.split(" ")[0]) {
            case "live",
                    "answers",
                    "ended",
                    "memory",
                    "count",
                    "verdict",
                    "captured",
                    "delivered",
                    "waiting",
                    "dropped",
                    "requests" -> true;
            default -> false;
        };
    }

    /** A measure without the value that it is to have. */
    private static String what(String statement) {
        return statement.substring(0, statement.lastIndexOf(' '));
    }

    private void expectMeasure(String statement) {
        String what = what(statement);
        long expected = Long.parseLong(statement.substring(what.length() + 1));
        assertThat(measure(what) - measuredBefore.getOrDefault(what, 0L)).isEqualTo(expected);
    }

    private long measure(String what) {
        String name = what.substring(what.indexOf(' ') + 1);
        Ledger ledger = engine.ledger();
        return switch (what.split(" ")[0]) {
            case "live" -> engine.liveSessions();
            case "answers" -> Counted.of(engine, "response_seconds");
            case "ended" -> Counted.of(engine, SessionGauge.ENDED);
            case "memory" -> Counted.of(engine, SessionGauge.MEMORY);
            case "count" -> Counted.of(engine, SessionCounter.valueOf(name));
            case "verdict" -> Counted.of(engine, Verdict.valueOf(name));
            case "captured" -> ledger.capturedBytes();
            case "delivered" -> ledger.deliveredBytes();
            case "waiting" -> ledger.waitingBytes();
            case "dropped" -> ledger.droppedBytes(DropReason.valueOf(name));
            case "requests" ->
                switch (name) {
                    case "captured" -> ledger.capturedRequests();
                    case "delivered" -> ledger.deliveredRequests();
                    case "cutoff" -> ledger.cutOffRequests();
                    case "waiting" -> ledger.waitingRequests();
                    default -> ledger.droppedRequests(DropReason.valueOf(name));
                };
            default -> throw new IllegalArgumentException("unknown measure: " + what);
        };
    }

    private final class RecordedRoutes implements Routes {
        @Override
        public boolean add(int sessionNumber, Flow flow) {
            routes.addLast("route");
            happenings++;
            return routesWork;
        }

        @Override
        public void remove(int sessionNumber, Flow flow) {
            routes.addLast("unroute");
            happenings++;
        }
    }
}
