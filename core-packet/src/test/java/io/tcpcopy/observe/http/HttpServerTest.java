package io.tcpcopy.observe.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What clients get, however they behave: in a world in which time passes when the test says so. */
class HttpServerTest {
    private static final Endpoint SERVER = Endpoint.ipv4(0x7F000001, 9464);
    private static final String OK = "HTTP/1.1 200 OK\r\n";

    private final LoopWorld world = new LoopWorld();
    private final MemoryNetwork.Host host = world.host(SERVER.address());
    private final EventLoop loop = world.loop(host);
    private final List<String> asked = new ArrayList<>();
    private Optional<HttpAnswer> answer = Optional.of(HttpAnswer.line(HttpStatus.OK, "so it is"));
    private HttpServer server;

    @BeforeEach
    void listens() throws Exception {
        server = new HttpServer(loop, host, SERVER, path -> {
            asked.add(path);
            return answer;
        });
    }

    @AfterEach
    void closes() {
        server.close();
    }

    private MemoryClient client() {
        return new MemoryClient(host, SERVER);
    }

    private String exchange(String request) {
        MemoryClient client = client().send(request);
        world.settle();
        String received = client.received();
        assertThat(received).isNotEmpty();
        client.close();
        world.settle();
        return received;
    }

    @Test
    void anAnswerHasItsLengthAndMayNotBeKeptOrUsedByAPage() {
        MemoryClient client = client().get("/metrics?of=all");
        world.settle();

        assertThat(asked).containsOnly("/metrics");
        assertThat(client.received().split("\r\n", -1))
                .contains(
                        "HTTP/1.1 200 OK",
                        "Connection: close",
                        "Content-Type: text/plain; charset=utf-8",
                        "Content-Length: 9",
                        "Cache-Control: no-store",
                        "Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
                        "X-Content-Type-Options: nosniff",
                        "so it is\n")
                .anyMatch(line ->
                        line.matches("Date: [A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT"));
        assertThat(client.isClosed()).isTrue();
    }

    @Test
    void headGetsTheHeaderAlone() {
        String whole = exchange("GET / HTTP/1.1\r\nHost: localhost\r\n\r\n");
        String header = exchange("HEAD / HTTP/1.1\r\nHost: localhost\r\n\r\n");

        assertThat(header).startsWith(OK).contains("Content-Length: 9\r\n").endsWith("\r\n\r\n");
        assertThat(whole.replaceFirst("Date: .*\r\n", ""))
                .isEqualTo(header.replaceFirst("Date: .*\r\n", "") + "so it is\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT", "get", "PRI"})
    void whatWouldChangeSomethingIsNotAllowed(String method) {
        assertThat(exchange(method + " /metrics HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"))
                .startsWith("HTTP/1.1 405 Method Not Allowed\r\n")
                .contains("\r\nAllow: GET, HEAD\r\n");
        assertThat(asked).isEmpty();
    }

    @Test
    void theAnswerToABodyIsNotTakenBackByTheEndOfTheConnection() {
        MemoryClient client = client().send("POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 100000\r\n\r\n");
        world.settle();
        client.send("x".repeat(100));
        world.settle();

        assertThat(client.received()).startsWith("HTTP/1.1 405 ");
        assertThat(client.isClosed()).isFalse();
        world.pass(HttpConnection.LIMIT_NS);
        client.received();
        assertThat(client.isClosed()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "localhost",
                "LocalHost:9464",
                "127.0.0.1",
                "127.0.0.1:9464",
                "10.0.0.1:80",
                "[::1]:9464",
                "[2001:db8::1]",
                "192.168.1.1:"
            })
    void addressesAndLocalhostAreNamesOfThisHost(String name) {
        assertThat(exchange("GET / HTTP/1.1\r\nHost: " + name + "\r\n\r\n")).startsWith(OK);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "example.com",
                "example.com:9464",
                "localhost.example.com",
                "127.0.0.1.example.com",
                "1.2.3",
                "1.2.3.4.5",
                "256.0.0.1",
                "127.0.0.1:80:90",
                "::1",
                "[::1",
                "[example.com]",
                "user@127.0.0.1",
                ""
            })
    void aPageOfAnotherHostGetsNothing(String name) {
        assertThat(exchange("GET /metrics HTTP/1.1\r\nHost: " + name + "\r\n\r\n"))
                .startsWith("HTTP/1.1 403 Forbidden\r\n");
        assertThat(asked).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET / HTTP/1.1\r\n\r\n",
                "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nHost: example.com\r\n\r\n",
                "GET / HTTP/1.1\r\nHost : 127.0.0.1\r\n\r\n",
                "GET / HTTP/1.1\r\n Host: 127.0.0.1\r\n\r\n",
                "GET / HTTP/2.0\r\nHost: 127.0.0.1\r\n\r\n",
                "GET  / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET http://127.0.0.1/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET /\u00e4 HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
                "GET /\r\nHost: 127.0.0.1\r\n\r\n",
                "\u0016\u0003\u0001\r\n\r\n",
                "\r\n\r\n"
            })
    void whatIsNoRequestIsRefused(String text) {
        assertThat(exchange(text)).startsWith("HTTP/1.1 400 Bad Request\r\n");
        assertThat(asked).isEmpty();
    }

    @Test
    void aHeaderMayBeSoLongAndNoLonger() {
        String start = "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: ";
        String longest = "c".repeat(HttpConnection.MAX_HEADER - start.length());

        assertThat(exchange(start + longest + "\r\n\r\n")).startsWith(OK);
        assertThat(exchange(start + longest + "c\r\n\r\n"))
                .startsWith("HTTP/1.1 431 Request Header Fields Too Large\r\n");
        assertThat(exchange(start + longest.repeat(2))).startsWith("HTTP/1.1 431 ");
    }

    @Test
    void aRequestMayComeInPieces() {
        MemoryClient client = client();
        for (char next : "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".toCharArray()) {
            assertThat(client.received()).isEmpty();
            client.send(String.valueOf(next));
            world.settle();
        }

        assertThat(client.received()).startsWith(OK);
    }

    @Test
    void whoIsSilentHasFiveSeconds() {
        MemoryClient silent = client();
        MemoryClient halfway = client().send("GET / HT");
        world.pass(HttpConnection.LIMIT_NS - 1_000_000);
        halfway.send("TP/1.1\r\n");
        world.settle();
        assertThat(silent.received() + halfway.received()).isEmpty();
        assertThat(silent.isClosed() || halfway.isClosed()).isFalse();

        world.pass(1_000_000);

        assertThat(silent.received() + halfway.received()).isEmpty();
        assertThat(silent.isClosed() && halfway.isClosed()).isTrue();
    }

    @Test
    void anAnswerMayComeLaterButNotAfterFiveSeconds() {
        answer = Optional.empty();
        MemoryClient patient = client().get("/");
        world.pass(HttpConnection.LIMIT_NS - 1_000_000);
        MemoryClient later = client().get("/");
        world.settle();
        assertThat(patient.received()).isEmpty();

        world.pass(1_000_000);
        assertThat(patient.received())
                .startsWith("HTTP/1.1 503 Service Unavailable\r\n")
                .endsWith("\r\n\r\nthe program does not answer: 5 s are over\n");
        answer = Optional.of(HttpAnswer.line(HttpStatus.OK, "at last"));
        loop.submit(() -> {});
        world.settle();

        assertThat(later.received()).startsWith(OK).endsWith("at last\n");
    }

    @Test
    void requestAnswerAndItsWayHaveFiveSecondsEach() {
        long nearlyAllNs = HttpConnection.LIMIT_NS - 1_000_000;
        answer = Optional.empty();
        MemoryClient late = client();
        world.pass(nearlyAllNs);
        late.get("/");
        world.pass(nearlyAllNs);
        answer = Optional.of(HttpAnswer.line(HttpStatus.OK, "x".repeat(MemoryNetwork.STREAM_BYTES)));
        loop.submit(() -> {});
        world.pass(nearlyAllNs);
        String received = late.received();
        world.settle();

        assertThat(received + late.received()).startsWith(OK).endsWith("x\n");
    }

    @Test
    void aFaultCostsItsOwnAnswerAlone() throws Exception {
        server.close();
        server = new HttpServer(loop, host, SERVER, path -> {
            if (path.equals("/broken")) {
                throw new IllegalStateException("broken");
            }
            return answer;
        });
        MemoryClient broken = client().get("/broken");
        MemoryClient whole = client().get("/");
        world.settle();

        assertThat(broken.received())
                .startsWith("HTTP/1.1 500 Internal Server Error\r\n")
                .doesNotContain("broken");
        assertThat(whole.received()).startsWith(OK);
        assertThat(loop.faults()).isEqualTo(1);
    }

    @Test
    void whoDoesNotReadHasFiveSecondsAndKeepsNobodyWaiting() {
        answer = Optional.of(HttpAnswer.line(HttpStatus.OK, "x".repeat(3 * MemoryNetwork.STREAM_BYTES)));
        MemoryClient slow = client().get("/");
        world.settle();
        answer = Optional.of(HttpAnswer.line(HttpStatus.OK, "short"));
        MemoryClient quick = client().get("/");
        world.settle();

        assertThat(quick.received()).startsWith(OK);
        world.pass(HttpConnection.LIMIT_NS);
        assertThat(slow.received()).startsWith(OK).hasSize(MemoryNetwork.STREAM_BYTES);
        assertThat(slow.isClosed()).isTrue();
    }

    @Test
    void whoReadsSlowlyGetsAll() {
        answer = Optional.of(HttpAnswer.line(HttpStatus.OK, "x".repeat(3 * MemoryNetwork.STREAM_BYTES)));
        MemoryClient slow = client().get("/");
        StringBuilder received = new StringBuilder();
        for (int i = 0; i < 4; i++) {
            world.pass(HttpConnection.LIMIT_NS / 5);
            received.append(slow.received());
        }

        assertThat(received).hasSizeGreaterThan(3 * MemoryNetwork.STREAM_BYTES).endsWith("x\n");
        assertThat(slow.isClosed()).isTrue();
    }

    @Test
    void aHundredConnectionsAtOnceAreAllAnswered() {
        List<MemoryClient> clients =
                Stream.generate(() -> client().get("/")).limit(100).toList();
        world.settle();

        assertThat(clients).allSatisfy(client -> assertThat(client.received()).startsWith(OK));
    }

    @Test
    void noMoreThanSixteenAreServedAtATimeAndOthersWaitForTheirTimeAtMost() {
        List<MemoryClient> silent = Stream.generate(this::client)
                .limit(HttpServer.MAX_CONNECTIONS - 1)
                .toList();
        world.settle();
        MemoryClient last = client().get("/");
        world.settle();
        assertThat(last.received()).startsWith(OK);

        MemoryClient sixteenth = client();
        world.settle();
        MemoryClient waiting = client().get("/");
        world.settle();
        assertThat(waiting.received()).isEmpty();
        sixteenth.close();
        world.settle();
        assertThat(waiting.received()).startsWith(OK);

        Stream.generate(this::client).limit(HttpServer.MAX_CONNECTIONS).toList();
        MemoryClient patient = client().get("/");
        world.settle();
        assertThat(patient.received()).isEmpty();
        world.pass(2 * HttpConnection.LIMIT_NS);
        assertThat(patient.received()).startsWith(OK);
        assertThat(silent).allSatisfy(client -> {
            assertThat(client.received()).isEmpty();
            assertThat(client.isClosed()).isTrue();
        });
    }

    @Test
    void itEndsWithItsConnections() {
        answer = Optional.empty();
        List<MemoryClient> clients =
                Stream.generate(() -> client().get("/")).limit(20).toList();
        world.settle();

        server.close();
        world.settle();

        assertThat(clients).allSatisfy(client -> {
            client.received();
            assertThat(client.isClosed()).isTrue();
        });
    }
}
