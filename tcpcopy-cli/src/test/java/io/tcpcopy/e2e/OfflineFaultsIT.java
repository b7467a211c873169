package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.flow.Address;
import io.tcpcopy.lab.CapturedConnection;
import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A replay says what is wrong with its file, and what it lost, in words and by its exit status. */
class OfflineFaultsIT {

    private static final int PORT = 8080;
    private static final int CLOSED_PORT = PORT + 1;
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int REPLAYED = 0;
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;
    private static final int LOST = 3;
    private static final String METRICS_PORT = "9464";
    /** IPv4 and TCP headers as {@link CapturedConnection} writes them. */
    private static final int HEADERS_LENGTH = 40;

    @RegisterExtension
    private final Lab lab = new Lab();

    private Copying copying;

    @BeforeEach
    void start() {
        WebServer.start(lab, Host.TARGET, lab.address("TARGET"), PORT).awaitListening();
        copying = new Copying(lab, PORT);
        copying.startIntercept("-F", "tcp and src portrange " + PORT + "-" + CLOSED_PORT);
    }

    private CapturedConnection connection(CaptureFileWriter file, int port) {
        return new CapturedConnection(
                file::add,
                "fault" + port,
                Address.parse(lab.address("CLIENT_PREFIX") + ".1").orElseThrow().bits(),
                port,
                Address.parse(lab.address("ONLINE")).orElseThrow().bits(),
                PORT,
                1000);
    }

    /** Two requests, the second one so much later. */
    private Path capture(int pauseMs) throws IOException {
        Path path = lab.file("capture-" + pauseMs + ".pcap");
        try (CaptureFileWriter file = new CaptureFileWriter(path, CaptureFileWriter.RAW_IP)) {
            CapturedConnection connection = connection(file, 40000).open(0);
            connection.send(30, connection.request(10)).answered();
            connection.send(30 + pauseMs, connection.request(10)).answered().close(60 + pauseMs);
        }
        return path;
    }

    private String replay(int status, Path capture, String... options) {
        HostProcess tcpcopy = copying.replay(capture, options);
        assertThat(tcpcopy.waitFor(PATIENCE)).as(tcpcopy.output()).isEqualTo(status);
        return tcpcopy.output();
    }

    @Test
    void aFileThatCannotBeReplayedAsAskedIsNamed() throws Exception {
        Path capture = capture(10);

        assertThat(replay(BAD_INPUT, capture, "-x", "80-10.2.0.2:8080"))
                .endsWith("tcpcopy: option -i: \"" + capture + "\": holds no packet that -x names, but TCP to "
                        + lab.address("ONLINE") + ":8080 (5)\n");
        assertThat(replay(BAD_INPUT, capture, "-x", "8080-" + lab.address("ONLINE") + ":8080"))
                .endsWith("holds no packet that can be replayed, but 5 to a target (to replay to the server that was"
                        + " captured, give its address on both sides of -x)\n");
        assertThat(replay(BAD_INPUT, capture, "-F", "udp"))
                .endsWith("holds nothing of TCP or UDP over IPv4 that -F lets through; without -F, TCP to "
                        + lab.address("ONLINE") + ":8080 (5)\n");
    }

    @Test
    void whatIsLostIsNamedAndMakesTheStatus() throws Exception {
        Path capture = capture(10);
        assertThat(replay(REPLAYED, capture)).contains("bytes captured:").contains("nothing was lost");

        Path cut = lab.file("cut.pcap");
        byte[] bytes = Files.readAllBytes(capture);
        Files.write(cut, Arrays.copyOf(bytes, bytes.length - 3));
        assertThat(replay(LOST, cut))
                .contains("[warn] " + cut + " cannot be read beyond its first " + (bytes.length - 3) + " bytes:")
                .contains("requests captured:2,delivered:2,lost:0")
                .contains("lost what cannot be read:");

        Path summary = lab.file("summary.json");
        assertThat(replay(LOST, truncated(), "--summary", summary.toString()))
                .contains("requests captured:1,delivered:1,lost:0")
                .contains("lost truncated packets:1")
                .contains("lost never captured bytes:");
        assertThat(Files.readString(summary)).contains("\"lostByReason\"").contains("\"truncated\"");

        Path report = lab.file("report.html");
        String closed = PORT + "-" + lab.address("TARGET") + ":" + CLOSED_PORT;
        assertThat(replay(LOST, capture, "-x", closed, "-n", "2", "--summary", report.toString()))
                .containsPattern("connections captured:(\\d+),delivered:0,lost:\\1\n")
                .containsPattern("lost refused bytes:\\d+,requests:4,connections:\\d+");
        assertThat(Files.readString(report))
                .contains("<h1>4 requests (100 %) lost</h1>", "Because the target refused the connection.")
                .contains("<code>TC303</code><strong>The target refuses connections</strong>", "<dd>3: ");
    }

    /** A connection whose first request was captured in part only. */
    private Path truncated() throws IOException {
        Path whole = lab.file("whole.pcap");
        Path truncated = lab.file("truncated.pcap");
        List<byte[]> packets;
        try (CaptureFileWriter file = new CaptureFileWriter(whole, CaptureFileWriter.RAW_IP)) {
            CapturedConnection connection = connection(file, 40001);
            packets = connection.record();
            connection.open(0);
            connection.send(30, connection.request(10)).answered();
            connection.send(60, connection.request(10)).answered().close(90);
        }
        try (CaptureFileWriter file = new CaptureFileWriter(truncated, CaptureFileWriter.RAW_IP)) {
            for (int i = 0; i < packets.size(); i++) {
                byte[] packet = packets.get(i);
                boolean first = i == 2;
                file.add(i * 30_000_000L, first ? Arrays.copyOf(packet, HEADERS_LENGTH + 5) : packet, packet.length);
            }
        }
        return truncated;
    }

    @Test
    void aReplayThatIsInterruptedSaysHowFarItCame() throws Exception {
        HostProcess tcpcopy = copying.replay(capture(600_000));
        tcpcopy.waitForOutput("tcpcopy started", PATIENCE);
        assertThat(tcpcopy.terminate()).isEqualTo(REPLAYED);
        assertThat(tcpcopy.output())
                .containsPattern("replayed .* up to \\d+ % in")
                .contains("ledger bytes captured:");

        HostProcess another = copying.replay(capture(600_000));
        another.waitForOutput("tcpcopy started", PATIENCE);
        copying.intercept().kill();
        assertThat(another.waitFor(PATIENCE)).as(another.output()).isEqualTo(FAILED);
        assertThat(another.output()).contains("no intercept is left").containsPattern("replayed .* up to");
    }

    @Test
    void aReplayIsShownOverHttpWhileItRuns() throws Exception {
        Path report = lab.file("report.html");
        HostProcess tcpcopy =
                copying.replay(capture(600_000), "-T", "2", "--metrics", METRICS_PORT, "--summary", report.toString());
        tcpcopy.waitForOutput("tcpcopy started", PATIENCE);

        Waiting.until(
                "the first request is delivered",
                PATIENCE,
                () -> asked("/metrics").contains("\ntcpcopy_ledger_delivered_requests_total 1.0\n"));
        assertThat(asked("/metrics")).containsPattern("\ntcpcopy_replay_progress_ratio 0\\.[1-9]");
        assertThat(asked("/ready")).isEqualTo("ready\n");
        assertThat(asked("/")).contains("tcpcopy_replay_progress_ratio", "</html>");
        assertThat(Files.readString(report)).isEmpty();

        assertThat(tcpcopy.terminate()).isZero();
        assertThat(Files.readString(report)).contains("<h1>Stopped at 50 %</h1>", "<dd>0: it was stopped</dd>");
    }

    private String asked(String path) {
        return lab.run(Host.ONLINE, "curl", "-s", "http://127.0.0.1:" + METRICS_PORT + path);
    }

    @Test
    void aTerminalShowsABarAndTheLogAboveIt() throws Exception {
        String command = String.join(
                " ",
                List.of(
                        Lab.script("tcpcopy"),
                        "--offline -i " + capture(1500) + " -x 8080-" + lab.address("TARGET") + ":8080 -s",
                        lab.address("ASSISTANT")));
        HostProcess terminal =
                lab.start("terminal", Host.ONLINE, "script", "-qec", "stty cols 120; " + command, "/dev/null");

        assertThat(terminal.waitFor(PATIENCE)).as(terminal.output()).isZero();
        assertThat(terminal.output())
                .containsPattern("\rcapture-1500.pcap +\\d+% \\[=+")
                .contains("packets/s:")
                .contains("alive:1,lost bytes:0")
                .containsPattern("\\[=+\\] 100/100%")
                .contains("\r\u001b[K20")
                .contains("nothing was lost");
    }
}
