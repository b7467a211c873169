package io.tcpcopy.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Ipv4Address;
import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * Runs a dialogue between a client, the replay and a target, written line by line:
 *
 * <pre>
 * c> S 1000:1000(0) win 65535 &lt;mss 1460,wscale 7>    a client packet is captured
 * t< S 1000:1000(0) &lt;mss 1460,wscale 7>              this packet must have been injected
 * s> S. 5000:5000(0) ack 1001                         a response comes from the intercept
 * +100ms                                              time passes (us, ms, s)
 * route                                               a route must have been announced
 * unroute                                             a route must have been withdrawn
 * client 10.1.0.9:4000                                the following lines speak of this client
 * set mtu 600                                         before the first packet: a setting
 * intercepts gone, intercepts back                    the tunnel
 * routes fail, routes work                            whether a route reaches an intercept
 * live 1, ended 1                                     sessions there are
 * count RETRANSMITTED 1                               a counter
 * captured 100, delivered 100, waiting 0              the ledger, in bytes
 * requests captured 1, requests delivered 1           the ledger, in requests
 * dropped GAP 100                                     the ledger, in bytes, by reason
 * end                                                 the program is stopped
 * </pre>
 *
 * What was injected must be named before anything else happens: an injected packet that no line names is a failure, and
 * so is an announced route where the dialogue names routes at all. After each line the ledger must balance.
 */
final class Dialogue {
    private static final int ONLINE_ADDRESS = address("10.1.0.100");
    private static final int ONLINE_PORT = 80;
    private static final int TARGET_ADDRESS = address("10.2.0.100");
    private static final int TARGET_PORT = 8080;
    private static final int MAX_PACKET = 1 << 18;

    private final Deque<Segment> injected = new ArrayDeque<>();
    private final Deque<String> routes = new ArrayDeque<>();
    private final ByteBuffer packet = ByteBuffer.allocateDirect(MAX_PACKET);
    private final Settings.Builder settings =
            Settings.of(List.of(new Transfer(0, ONLINE_PORT, TARGET_ADDRESS, TARGET_PORT)));
    private final boolean namesRoutes;

    private int clientAddress = address("10.1.0.1");
    private int clientPort = 40000;
    private int nextClientId = 1;
    private int nextResponseId = 1;
    private long nowNs = TimeUnit.SECONDS.toNanos(1000);
    private boolean routesWork = true;
    private Replay replay;

    private Dialogue(boolean namesRoutes) {
        this.namesRoutes = namesRoutes;
    }

    static void run(List<String> lines) {
        boolean namesRoutes = lines.stream().anyMatch(line -> statement(line).endsWith("route"));
        Dialogue dialogue = new Dialogue(namesRoutes);
        for (int number = 1; number <= lines.size(); number++) {
            String statement = statement(lines.get(number - 1));
            try {
                if (!statement.isEmpty()) {
                    dialogue.step(statement);
                }
            } catch (RuntimeException | AssertionError problem) {
                throw new AssertionError("line " + number + ": " + statement + "\n" + problem.getMessage(), problem);
            }
        }
        dialogue.expectNothingMore();
    }

    private static String statement(String line) {
        int comment = line.indexOf('#');
        return (comment < 0 ? line : line.substring(0, comment)).strip();
    }

    private void step(String statement) {
        String rest = statement.substring(statement.indexOf(' ') + 1).strip();
        String word = statement.split(" ")[0];
        switch (word) {
            case "set" -> set(rest.split(" "));
            case "t<" -> expectInjected(Segment.parse(rest));
            case "route", "unroute" -> assertThat(routes.pollFirst()).isEqualTo(word);
            default -> {
                expectNothingMore();
                happen(word, rest);
                assertLedgerBalances();
            }
        }
    }

    private void happen(String word, String rest) {
        begin();
        switch (word) {
            case "c>" -> capture(Segment.parse(rest));
            case "s>" -> respond(Segment.parse(rest));
            case "client" -> {
                clientAddress = address(rest.split(":")[0]);
                clientPort = Integer.parseInt(rest.split(":")[1]);
            }
            case "intercepts" -> {
                replay.turn(nowNs);
                if (rest.equals("gone")) {
                    replay.pause();
                } else {
                    replay.resume();
                }
            }
            case "routes" -> routesWork = rest.equals("work");
            case "live" -> assertThat(replay.liveSessions()).isEqualTo(number(rest));
            case "ended" -> assertThat(replay.endedSessions()).isEqualTo(number(rest));
            case "count" -> {
                String[] words = rest.split(" ");
                assertThat(replay.counters().get(SessionCounter.valueOf(words[0])))
                        .isEqualTo(number(words[1]));
            }
            case "verdict" -> {
                String[] words = rest.split(" ");
                assertThat(replay.verdicts().get(Verdict.valueOf(words[0]))).isEqualTo(number(words[1]));
            }
            case "captured" -> assertThat(replay.ledger().capturedBytes()).isEqualTo(number(rest));
            case "delivered" -> assertThat(replay.ledger().deliveredBytes()).isEqualTo(number(rest));
            case "waiting" -> assertThat(replay.ledger().waitingBytes()).isEqualTo(number(rest));
            case "requests" -> {
                String[] words = rest.split(" ");
                long requests = words[0].equals("captured")
                        ? replay.ledger().capturedRequests()
                        : replay.ledger().deliveredRequests();
                assertThat(requests).isEqualTo(number(words[1]));
            }
            case "dropped" -> {
                String[] words = rest.split(" ");
                assertThat(replay.ledger().droppedBytes(DropReason.valueOf(words[0])))
                        .isEqualTo(number(words[1]));
            }
            case "end" -> {
                replay.turn(nowNs);
                replay.endAll(DropReason.STOPPED);
            }
            default -> {
                if (!word.startsWith("+")) {
                    throw new IllegalArgumentException("unknown word: " + word);
                }
                pass(duration(word.substring(1)));
            }
        }
    }

    private void begin() {
        if (replay == null) {
            replay = new Replay(settings.build(), this::inject, new RecordedRoutes());
            replay.turn(nowNs);
        }
    }

    private void set(String[] words) {
        switch (words[0]) {
            case "mtu" -> settings.mtu(number(words[1]));
            case "mss" -> settings.mss(number(words[1]));
            case "rtt" -> settings.fixedRttNs(duration(words[1]));
            case "no-wait" -> settings.waitForResponse(false);
            case "whole-sessions" -> settings.wholeSessionsOnly(true);
            case "timeouts" -> settings.timeoutsNs(duration(words[1]), duration(words[2]));
            case "memory" -> settings.memoryBudget(number(words[1]));
            case "copies" -> settings.copies(number(words[1]));
            case "clients" -> {
                List<Integer> addresses = new ArrayList<>();
                for (int i = 1; i < words.length; i++) {
                    addresses.add(address(words[i]));
                }
                settings.clientAddresses(addresses);
            }
            default -> throw new IllegalArgumentException("unknown setting: " + words[0]);
        }
    }

    /** Packets without an id of their own count up, as a host's do. */
    private void capture(Segment segment) {
        segment.fields().putIfAbsent("id", nextClientId++);
        int length = segment.write(packet, clientAddress, clientPort, ONLINE_ADDRESS, ONLINE_PORT);
        replay.turn(nowNs);
        replay.clientPacket(packet, 0, length, nowNs);
    }

    private void respond(Segment segment) {
        segment.fields().putIfAbsent("id", nextResponseId++);
        int length = segment.write(packet, TARGET_ADDRESS, TARGET_PORT, clientAddress, clientPort);
        replay.turn(nowNs);
        replay.response(packet, 0, length - segment.length());
    }

    private void pass(long durationNs) {
        long until = nowNs + durationNs;
        while (replay.nextDeadlineNs() <= until) {
            nowNs = Math.max(nowNs, replay.nextDeadlineNs());
            replay.turn(nowNs);
            replay.runDue();
        }
        nowNs = until;
        replay.turn(nowNs);
    }

    private void inject(ByteBuffer buffer, int offset, int length) {
        Ipv4Header ip = new Ipv4Header().wrap(buffer, offset);
        assertThat(Ipv4Address.format(ip.destination())).isEqualTo(Ipv4Address.format(TARGET_ADDRESS));
        assertThat(ip.totalLength()).isEqualTo(length);
        injected.addLast(Segment.of(buffer, offset));
    }

    private void expectInjected(Segment expected) {
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

    private void assertLedgerBalances() {
        long[] held = new long[2];
        replay.table.forEach(session -> {
            hold(session, held);
            if (session.successor() != null) {
                hold(session.successor(), held);
            }
        });
        assertThat(replay.ledger().waitingBytes()).as("bytes waiting").isEqualTo(held[0]);
        assertThat(replay.ledger().waitingRequests()).as("requests waiting").isEqualTo(held[1]);
    }

    private static void hold(Session session, long[] held) {
        for (Packet packet = session.window.first(); packet != null; packet = packet.next) {
            held[0] += packet.payloadLength;
            held[1] += packet.beginsRequest ? 1 : 0;
        }
    }

    private static int address(String text) {
        return Ipv4Address.parse(text).orElseThrow();
    }

    private static int number(String text) {
        return Integer.parseInt(text);
    }

    private static long duration(String text) {
        String digits = text.replaceAll("[^0-9]", "");
        String unit = text.substring(digits.length()).toLowerCase(Locale.ROOT);
        long value = Long.parseLong(digits);
        return switch (unit) {
            case "us" -> TimeUnit.MICROSECONDS.toNanos(value);
            case "ms" -> TimeUnit.MILLISECONDS.toNanos(value);
            case "s" -> TimeUnit.SECONDS.toNanos(value);
            default -> throw new IllegalArgumentException("unknown unit: " + text);
        };
    }

    private final class RecordedRoutes implements Routes {
        @Override
        public boolean add(int turn, int address, int port, int targetAddress, int targetPort) {
            routes.addLast("route");
            return routesWork;
        }

        @Override
        public void remove(int turn, int address, int port, int targetAddress, int targetPort) {
            routes.addLast("unroute");
        }
    }
}
