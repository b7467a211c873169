package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.StartException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** With the kernel's sockets on loopback, as programs have it. */
class StatusServerTest {
    private static final Endpoint ANY_PORT = new Endpoint(Address.LOOPBACK, 0);

    private final SampleNumber number = new SampleNumber("looks_total", "Looks.");
    private final Metrics metrics = new Metrics("sample").add(number, () -> 7);
    private final List<Finding> findings = new ArrayList<>();
    private volatile Optional<String> notReady = Optional.empty();
    private volatile Executor programLoop = Runnable::run;
    private StatusServer server;

    @BeforeEach
    void serves() throws Exception {
        server = StatusServer.listen(ANY_PORT);
        server.serve(
                new RunningProgram(question -> programLoop.execute(question), metrics, () -> findings, () -> notReady),
                new AddressMask(List.of(Address.parse("10.0.0.3").orElseThrow())));
    }

    @AfterEach
    void ends() {
        server.close();
    }

    private Socket connect() throws IOException {
        return new Socket(InetAddress.getLoopbackAddress(), server.local().port());
    }

    private static void ask(Socket socket, String path) throws IOException {
        socket.getOutputStream()
                .write(("GET " + path + " HTTP/1.1\r\nHost: localhost\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private static String answer(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private String get(String path) throws IOException {
        try (Socket socket = connect()) {
            ask(socket, path);
            return answer(socket);
        }
    }

    private static String body(String answer) {
        return answer.substring(answer.indexOf("\r\n\r\n") + 4);
    }

    @Test
    void metricsAreInTheFormatOfPrometheus() throws Exception {
        String answer = get("/metrics");

        assertThat(answer).contains("\r\nContent-Type: text/plain; version=0.0.4; charset=utf-8\r\n");
        assertThat(body(answer)).isEqualTo("""
                # HELP sample_looks_total Looks.
                # TYPE sample_looks_total counter
                sample_looks_total 7.0
                """);
    }

    @Test
    void aProgramThatDoesItsWorkIsReady() throws Exception {
        assertThat(get("/ready")).startsWith("HTTP/1.1 200 OK").endsWith("\r\n\r\nready\n");
    }

    @Test
    void aProgramThatDoesNotSaysWhyWithoutTheEndOfAClientsAddress() throws Exception {
        notReady = Optional.of("no intercept is connected: 10.0.0.3:36524, for 203.0.113.7");

        assertThat(get("/ready"))
                .startsWith("HTTP/1.1 503 Service Unavailable")
                .endsWith("\r\n\r\nno intercept is connected: 10.0.0.3:36524, for 203.0.113.x\n");
    }

    @Test
    void findingsAreJsonInWhichAddressesOfClientsLoseTheirEnd() throws Exception {
        findings.add(
                Finding.error(Code.NOTHING_COMES_BACK, "nothing came back to 203.0.113.7", "ip route via 10.0.0.3"));

        String answer = get("/diagnosis");

        assertThat(answer).contains("\r\nContent-Type: application/json\r\n");
        assertThat(body(answer).replaceAll("\\s+", " "))
                .contains("\"status\" : 2", "\"seen\" : \"nothing came back to 203.0.113.x\"", "via 10.0.0.3\"");
    }

    @Test
    void thePageMayUseWhatIsInItAndAskThisServerAlone() throws Exception {
        String answer = get("/");

        assertThat(answer)
                .startsWith("HTTP/1.1 200 OK")
                .contains("\r\nContent-Type: text/html; charset=utf-8\r\n")
                .contains("\r\nContent-Security-Policy: default-src 'none'; style-src 'unsafe-inline';"
                        + " script-src 'unsafe-inline'; connect-src 'self'; img-src data:; base-uri 'none';"
                        + " form-action 'none'; frame-ancestors 'none'\r\n");
        assertThat(body(answer)).startsWith("<!doctype html>").endsWith("</html>\n");
    }

    @ParameterizedTest
    @CsvSource({"/live, 200 OK", "/nothing, 404 Not Found", "/metrics/, 404 Not Found", "/../metrics, 404 Not Found"})
    void thereIsNothingAtOtherPaths(String path, String status) throws Exception {
        assertThat(get(path)).startsWith("HTTP/1.1 " + status + "\r\n");
    }

    @Test
    void aProgramThatIsStuckHoldsUpNothingThatNeedsNoAnswerOfIt() throws Exception {
        BlockingQueue<Runnable> questions = new LinkedBlockingQueue<>();
        programLoop = questions::add;
        try (Socket waiting = connect()) {
            ask(waiting, "/metrics");
            Runnable question = questions.take();
            assertThat(get("/live")).startsWith("HTTP/1.1 200 OK").endsWith("live\n");

            question.run();

            assertThat(answer(waiting)).startsWith("HTTP/1.1 200 OK");
        }
    }

    @Test
    void aHundredConnectionsAreServedWhileSomeAreSilentAndOneDoesNotRead() throws Exception {
        List<Socket> others = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            others.add(connect());
        }
        ask(others.get(0), "/metrics");

        List<Socket> hundred = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            hundred.add(connect());
        }
        for (Socket socket : hundred) {
            ask(socket, "/metrics");
        }
        for (Socket socket : hundred) {
            assertThat(answer(socket)).startsWith("HTTP/1.1 200 OK").endsWith("sample_looks_total 7.0\n");
            socket.close();
        }
        for (Socket socket : others) {
            socket.close();
        }
    }

    @Test
    void itsThreadIsNamedAndEndsWithIt() throws Exception {
        assertThat(threads()).hasSize(1).allMatch(Thread::isDaemon);
        Endpoint endpoint = server.local();

        server.close();

        assertThat(threads()).isEmpty();
        assertThatThrownBy(this::connect).isInstanceOf(IOException.class);
        server = StatusServer.listen(endpoint);
    }

    private static Stream<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("metrics-1"));
    }

    @Test
    void aPortThatIsTakenAndAnAddressOfAnotherHostAreNamed() throws Exception {
        try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            assertThatThrownBy(() -> StatusServer.listen(new Endpoint(Address.LOOPBACK, other.getLocalPort())))
                    .isInstanceOf(StartException.class)
                    .hasMessage("cannot listen on 127.0.0.1:" + other.getLocalPort()
                            + " (--metrics): Address already in use");
        }
        assertThatThrownBy(() -> StatusServer.listen(new Endpoint(Address.ipv4(0xCB007101), 9464)))
                .isInstanceOf(StartException.class)
                .hasMessage("cannot listen on 203.0.113.1:9464 (--metrics): Cannot assign requested address");
    }
}
