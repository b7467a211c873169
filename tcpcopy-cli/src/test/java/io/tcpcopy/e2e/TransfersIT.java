package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Load;
import io.tcpcopy.lab.RecordingServer;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Tally;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several transfers in one -x. */
class TransfersIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int OTHER_PORT = 8081;
    private static final String OTHER_TARGET = "10.2.0.4";
    private static final int OTHER_TARGET_PORT = 8082;

    @RegisterExtension
    private final Lab lab = new Lab();

    @Test
    void twoServicesAreCopiedEachToItsOwnTargetAndPort() throws IOException {
        CopiedService service = new CopiedService(lab);
        lab.run(Host.TARGET, "ip", "address", "add", OTHER_TARGET + "/24", "dev", "back");
        Path online = serve(Host.ONLINE, lab.address("ONLINE"), OTHER_PORT);
        Path target = serve(Host.TARGET, OTHER_TARGET, OTHER_TARGET_PORT);
        service.startIntercept("-F", "tcp and (src port 8080 or src port " + OTHER_TARGET_PORT + ")");
        service.startTcpcopy(
                "-x",
                "8080-" + lab.address("TARGET") + ":8080," + lab.address("ONLINE") + ":" + OTHER_PORT + "-"
                        + OTHER_TARGET + ":" + OTHER_TARGET_PORT);

        Traffic traffic =
                service.traffic("one", "--short", "300", "--rate", "150", "--keep-alive", "10", "--requests", "50");
        Path sent = lab.file("client-other.requests");
        HostProcess client = lab.startJava(
                "client",
                Host.CLIENT,
                Load.class,
                "--server",
                lab.address("ONLINE") + ":" + OTHER_PORT,
                "--clients",
                lab.address("CLIENT_PREFIX") + ".1-30",
                "--run",
                "other",
                "--log",
                sent.toString(),
                "--short",
                "300",
                "--rate",
                "150",
                "--keep-alive",
                "10",
                "--requests",
                "50");

        traffic.complete().assertCopiedExactly(PATIENCE);
        assertThat(client.waitFor(PATIENCE)).as(client.output()).isZero();
        List<RequestRecord> requests = RequestRecord.readAll(sent);
        Waiting.holdsWithin(PATIENCE, () -> lines(target) >= requests.size());
        service.stopCompleteCopying();
        assertThat(Tally.of(requests, RequestRecord.readAll(online))).matches(Tally::isExact);
        assertThat(Tally.of(requests, RequestRecord.readAll(target))).matches(Tally::isExact);
    }

    private Path serve(Host host, String address, int port) {
        Path log = lab.file(host + "-" + port + ".requests");
        lab.startJava("server", host, RecordingServer.class, address, "" + port, log.toString())
                .waitForOutput("listening", PATIENCE);
        return log;
    }

    private static long lines(Path log) {
        try (Stream<String> lines = Files.lines(log)) {
            return lines.count();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
