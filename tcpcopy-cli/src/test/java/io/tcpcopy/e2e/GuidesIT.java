package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Guides about one online host and one target do what they say, word for word, and clients notice nothing. */
class GuidesIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;

    @BeforeEach
    void startServiceThatNobodyHasPreparedForCopying() {
        service = new CopiedService(lab);
        lab.run(Host.TARGET, "ip", "route", "del", lab.address("CLIENT_NET"));
    }

    private void setUpRoute() {
        lab.run(Host.TARGET, "ip", "route", "replace", lab.address("CLIENT_NET"), "via", lab.address("ASSISTANT"));
    }

    private Traffic complete(String run, int requests, String... options) {
        Stream<String> load = Stream.of("--short", "" + requests, "--rate", "100");
        return service.traffic(run, Stream.concat(load, Stream.of(options)).toArray(String[]::new))
                .complete();
    }

    @Test
    void theFirstCopyIsCheckedRunsAndEnds() {
        Guide guide = new Guide(lab, "first-copy").followTo("See that everything is copied");
        service.assertCopies("first");
        guide.followToEnd();

        service.assertClientsUndisturbed();
    }

    @Tag("long")
    @Test
    void responsesGoToTheAssistantByEachWayThatIsShown() {
        service.startIntercept();
        service.startTcpcopy();
        // As most hosts have one, which the guide must leave alone.
        lab.run(Host.TARGET, "ip", "route", "add", "default", "via", lab.address("ONLINE_BACK"));
        Guide guide = new Guide(lab, "routing");

        for (String way : new String[] {"route", "rule", "marks"}) {
            guide.followTo("Undo the " + way);
            service.assertCopies(way);
        }
        service.tcpcopy().endInPeace();
        guide.followTo("Undo the small network");
        service.assertCopies("small-network");
        guide.followToEnd();

        service.assertClientsUndisturbed();
        assertThat(lab.run(Host.TARGET, "sh", "-ec", "ip route show table all type unicast; ip rule"))
                .contains("default via " + lab.address("ONLINE_BACK"))
                .doesNotContain(lab.address("ASSISTANT"), "lookup 100");
    }

    @Tag("long")
    @Test
    void whatIsRecordedIsReplayedAsOftenAsAsked() {
        Guide guide = new Guide(lab, "offline-replay").followTo("When enough is recorded");
        Traffic traffic = complete("recorded", 300);
        Waiting.until("tcpdump has written all requests", PATIENCE, () -> recordedRequests() == 300);

        guide.followTo("When something is lost");
        traffic.assertCopied(4, PATIENCE);
        guide.followToEnd();

        service.assertClientsUndisturbed();
    }

    private long recordedRequests() {
        // The last packet may be written in part only, about which tcpdump complains.
        String read = "tcpdump -Z root -qnAr " + lab.file("web.pcap") + " 'tcp dst port 8080' 2>/dev/null || true";
        return lab.run(Host.ONLINE, "sh", "-c", read)
                .lines()
                .filter(line -> line.contains("GET /r/"))
                .count();
    }

    @Tag("long")
    @Test
    void theTargetGetsMoreOrLess() {
        setUpRoute();
        service.startIntercept();
        Guide guide = new Guide(lab, "amplification").followTo("What the target gets");
        complete("more", 100).assertCopied(3, PATIENCE);

        guide.followTo("What is left out");
        Traffic less = complete("less", 200);
        guide.followToEnd();

        assertThat(less.arrivedAt(Host.TARGET)).hasSizeBetween(1, 100);
        service.assertClientsUndisturbed();
    }

    @Tag("long")
    @Test
    void aCacheGetsWarmAndHandsOnNothingThatWrites() {
        service.killTargetServer();
        WebServer application = WebServer.start(lab, Host.ONLINE, lab.address("ONLINE_BACK"), 8081)
                .awaitListening();
        Guide guide = new Guide(lab, "pre-warming").followTo("See it get warm");
        Path log = lab.file("cache.log");

        complete("pages", 50);
        awaitLines(log, 50);
        complete("pages", 50);
        complete("orders", 10, "--body", "100");
        awaitLines(log, 110);
        guide.followToEnd();

        assertThat(application.requests())
                .hasSize(50)
                .allSatisfy(request -> assertThat(request.method()).isEqualTo("GET"));
        service.assertClientsUndisturbed();
    }

    private static void awaitLines(Path log, int lines) {
        Waiting.until(log + " has " + lines + " lines", PATIENCE, () -> {
            try {
                return Files.readAllLines(log).size() == lines;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    @Tag("long")
    @Test
    void whatIsBrokenIsFoundAndMended() {
        setUpRoute();
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("--metrics", "9464");
        service.assertCopies("healthy");
        lab.run(Host.TARGET, "ip", "route", "del", lab.address("CLIENT_NET"));
        complete("broken", 1000);
        Guide guide = new Guide(lab, "troubleshooting").followTo("When it is mended");

        tcpcopy.waitForOutput("[warn] TC401: ", PATIENCE);
        guide.followTo("Fewer requests arrive");
        complete("mended", 100).assertCopiedExactly(PATIENCE);
        tcpcopy.waitForOutput("[notice] TC401: ", PATIENCE);
        guide.followToEnd();

        service.assertClientsUndisturbed();
    }
}
