package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.flow.Address;
import io.tcpcopy.lab.CapturedConnection;
import io.tcpcopy.lab.Copying;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whatever networks and captures do to connections: what the capture holds of them arrives, and what it lacks is said. */
class OddCapturesIT {

    private static final int PORT = 8080;
    private static final int LOST = 3;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration LONGEST_REPLAY = Duration.ofMinutes(1);
    private static final int BIG_SEGMENT = 60_000;

    @RegisterExtension
    private final Lab lab = new Lab();

    private final List<CapturedConnection> connections = new ArrayList<>();

    private CapturedConnection connection(CaptureFileWriter file, String name, int port, int initialNumber) {
        CapturedConnection connection = new CapturedConnection(
                file::add,
                name,
                address(lab.address("CLIENT_PREFIX") + ".1"),
                port,
                address(lab.address("ONLINE")),
                PORT,
                initialNumber);
        connections.add(connection);
        return connection;
    }

    private static int address(String text) {
        return Address.parse(text).orElseThrow().bits();
    }

    /** Records stand in the order of the calls, whatever their times: as in captures of several processors. */
    private void writeOddities(CaptureFileWriter file) throws IOException {
        CapturedConnection repeated = connection(file, "repeated", 40000, 1000).open(0);
        byte[] first = repeated.request(100);
        repeated.sendAgain(30, first, first.length)
                .sendAgain(230, first, 50)
                .send(240, first)
                .answered();
        byte[] second = repeated.request(0);
        repeated.send(300, second).answered().close(350);

        CapturedConnection reordered =
                connection(file, "reordered", 40001, 5000).open(0);
        byte[] whole = reordered.request(3000);
        reordered
                .sendAhead(40, 1000, Arrays.copyOfRange(whole, 1000, whole.length))
                .send(41, Arrays.copyOf(whole, 1000))
                .skip(whole.length - 1000)
                .answered()
                .close(100);

        CapturedConnection big = connection(file, "big", 40002, 9000).open(0);
        byte[] upload = big.request(200_000);
        for (int offset = 0; offset < upload.length; offset += BIG_SEGMENT) {
            big.send(50, Arrays.copyOfRange(upload, offset, Math.min(upload.length, offset + BIG_SEGMENT)));
        }
        big.answered().close(200);

        CapturedConnection reset = connection(file, "reset", 40003, 1).open(0);
        reset.send(30, reset.request(10)).answered().acknowledge(60).reset(70);

        CapturedConnection halfClosed =
                connection(file, "half-closed", 40004, 1).open(0);
        halfClosed.send(30, halfClosed.request(10)).close(31).answered().acknowledge(90);

        CapturedConnection reused = connection(file, "used", 40005, 700_000).open(0);
        reused.send(30, reused.request(0)).answered().close(60);
        CapturedConnection again =
                connection(file, "used-again", 40005, 1_700_000).open(100);
        again.send(130, again.request(0)).answered().close(160);

        CapturedConnection open = connection(file, "left-open", 40006, 1).open(0);
        open.send(30, open.request(0))
                .answered()
                .send(80, open.request(20))
                .answered()
                .acknowledge(120);

        CapturedConnection pipelined = connection(file, "pipelined", 40007, -50).open(0);
        for (int i = 0; i < 10; i++) {
            pipelined.send(30 + i, pipelined.request(i * 10));
        }
        pipelined.answered().close(100);

        CapturedConnection middle = connection(file, "middle", 40008, 123);
        middle.send(30, middle.request(0))
                .answered()
                .send(90, middle.request(0))
                .answered()
                .close(150);
    }

    @Test
    void whatTheCaptureHoldsArrivesOnceAtAnySpeed() throws Exception {
        WebServer target =
                WebServer.start(lab, Host.TARGET, lab.address("TARGET"), PORT).awaitListening();
        Path capture = lab.file("odd.pcap");
        try (CaptureFileWriter file = new CaptureFileWriter(capture, CaptureFileWriter.RAW_IP)) {
            writeOddities(file);
        }
        List<RequestRecord> expected = connections.stream()
                .flatMap(connection -> connection.requests().stream())
                .toList();
        Copying copying = new Copying(lab, PORT);
        copying.startIntercept();

        int replays = 0;
        for (String speedUp : List.of("1", "1000")) {
            HostProcess tcpcopy = copying.replay(capture, "-a", speedUp);
            assertThat(tcpcopy.waitFor(LONGEST_REPLAY)).as(tcpcopy.output()).isZero();
            replays++;
            int times = replays;
            Waiting.holdsWithin(PATIENCE, () -> target.requests().size() >= times * expected.size());
            assertThat(Tally.ofCopies(times, expected, target.requests())).matches(Tally::isExact);
        }
        copying.intercept().endInPeace();
    }

    @Test
    void whatTheCaptureLacksIsSaidAndTheRestArrives() throws Exception {
        WebServer target =
                WebServer.start(lab, Host.TARGET, lab.address("TARGET"), PORT).awaitListening();
        Path capture = lab.file("holes.pcap");
        List<RequestRecord> expected = new ArrayList<>();
        try (CaptureFileWriter file = new CaptureFileWriter(capture, CaptureFileWriter.RAW_IP)) {
            CapturedConnection connection =
                    connection(file, "holes", 40000, 1000).open(0);
            int lost = 0;
            for (int i = 0; i < 20; i++) {
                byte[] request = connection.request(100);
                if (i % 2 == 1) {
                    connection.skip(request.length);
                    lost += request.length;
                } else {
                    connection.send(30 + 50 * i, request);
                    expected.add(connection.requests().get(i));
                }
                connection.answered();
            }
            assertThat(lost).isPositive();
            connection.close(1500);
        }
        Copying copying = new Copying(lab, PORT);
        copying.startIntercept();

        HostProcess tcpcopy = copying.replay(capture, "-a", "1000");

        // Ten holes, one behind the other, are given up as soon as the capture is known to hold nothing for them.
        assertThat(tcpcopy.waitFor(LONGEST_REPLAY)).as(tcpcopy.output()).isEqualTo(LOST);
        assertThat(tcpcopy.output()).containsPattern("lost never captured bytes:[1-9]");
        Waiting.holdsWithin(PATIENCE, () -> target.requests().size() >= expected.size());
        assertThat(Tally.of(expected, target.requests())).matches(Tally::isExact);
        copying.intercept().endInPeace();
    }
}
