package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Programs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The ways to capture: by what means, and on which devices. */
class CaptureIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    private final Lab lab = new Lab();

    private static Traffic mixedTraffic(CopiedService service, String run, String... more) {
        Stream<String> options =
                Stream.of("--short", "300", "--rate", "150", "--keep-alive", "10", "--requests", "50", "--pause", "20");
        return service.traffic(run, Stream.concat(options, Stream.of(more)).toArray(String[]::new));
    }

    private static void assertNothingMissing(CopiedService service) {
        service.stopCompleteCopying();
    }

    @Test
    void rawCaptureCopiesExactly() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy("--capture", "raw");

        mixedTraffic(service, "mixed").complete().assertCopiedExactly(PATIENCE);
        service.traffic("body", "--body", "102400", "--keep-alive", "5", "--requests", "20", "--pause", "20")
                .complete()
                .assertCopiedExactly(PATIENCE);
        assertNothingMissing(service);
    }

    @Test
    void rawCaptureTakesAGivenFilter() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        service.startTcpcopy(
                "--capture", "raw", "-F", "tcp and dst host " + lab.address("ONLINE") + " and dst port 8080");

        mixedTraffic(service, "filtered").complete().assertCopiedExactly(PATIENCE);
        assertNothingMissing(service);
    }

    @Test
    void rawCaptureSeesTheAddressesBehindDnat() {
        CopiedService service = new CopiedService(lab);
        lab.run(Host.ONLINE, "nft", """
                table ip redirection {
                    chain arrivals {
                        type nat hook prerouting priority dstnat
                        tcp dport 9999 redirect to :8080
                    }
                }""");
        service.startIntercept();
        service.startTcpcopy("--capture", "raw");

        mixedTraffic(service, "redirected", "--server", lab.address("ONLINE") + ":9999")
                .complete()
                .assertCopiedExactly(PATIENCE);
        assertNothingMissing(service);
    }

    @Test
    void libpcapTakesOverForFiltersOfWhatIsNotInThePacket() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept("-F", "tcp and src port 8080 and inbound");
        service.startTcpcopy("-F", "tcp and dst port 8080 and inbound");

        mixedTraffic(service, "inbound").complete().assertCopiedExactly(PATIENCE);
        assertNothingMissing(service);
        assertThat(service.tcpcopy().output()).contains("capturing on any (libpcap");
        assertThat(service.intercept().output()).contains("capturing on any (libpcap");
    }

    /** As the unit runs it: the queue for long packets has room for some hundred then. */
    @Test
    void withoutCapNetAdminAStopLosesNoRequestsEither() {
        List<String> tcpcopy = new ArrayList<>(List.of("setpriv", "--bounding-set", "-net_admin"));
        tcpcopy.addAll(Programs.OURS.tcpcopy());
        CopiedService service = new CopiedService(lab, new Programs(tcpcopy, Programs.OURS.intercept()));
        service.startIntercept();
        HostProcess program = service.startTcpcopy();

        Traffic traffic = service.traffic(
                "stopped", "--keep-alive", "40", "--requests", "200", "--body", "1200", "--pause", "10");
        traffic.waitUntilServed(1000);
        program.pause();
        // More than fit into a buffer of 4 MB, which some machines grant everybody.
        traffic.waitUntilServedMore(4500);
        program.resume();

        traffic.complete().assertCopiedExactly(PATIENCE);
        assertNothingMissing(service);
        assertThat(program.output()).contains("KB, not 57344: more need CAP_NET_ADMIN");
    }

    @ParameterizedTest
    @ValueSource(strings = {"pcap", "ring"})
    void severalDevicesAreCapturedOnAndNoOthers(String kind) {
        CopiedService service = new CopiedService(lab);
        String devices = "front,side,aside";
        connectClients("side", "10.3.0");
        connectClients("aside", "10.4.0");
        connectClients("elsewhere", "10.5.0");
        service.startIntercept();
        service.startTcpcopy("--capture", kind, "-i", devices);

        Traffic front = mixedTraffic(service, "front");
        Traffic side = mixedTraffic(service, "side", "--clients", "10.3.0.11-15");
        Traffic aside = mixedTraffic(service, "aside", "--clients", "10.4.0.11-15");
        Traffic elsewhere = mixedTraffic(service, "elsewhere", "--clients", "10.5.0.11-15");

        front.complete().assertCopiedExactly(PATIENCE);
        side.complete().assertCopiedExactly(PATIENCE);
        aside.complete().assertCopiedExactly(PATIENCE);
        elsewhere.complete();
        assertNothingMissing(service);
        assertThat(elsewhere.arrivedAt(Host.TARGET)).isEmpty();
    }

    @Tag("long")
    @Test
    void severalDevicesAreCapturedOnAndNoOthersAtTheIpLayer() {
        severalDevicesAreCapturedOnAndNoOthers("raw");
    }

    /** Gives the online host one more device, behind which are clients .11 to .15 of a network. */
    private void connectClients(String device, String network) {
        String clients = network + ".0/24";
        ip(
                Host.CLIENT,
                "link add " + device + " type veth peer name " + device + " netns " + lab.namespace(Host.ONLINE));
        ip(Host.ONLINE, "address add " + network + ".1/24 dev " + device);
        ip(Host.ONLINE, "link set " + device + " up");
        for (int number = 11; number <= 15; number++) {
            ip(Host.CLIENT, "address add " + network + "." + number + "/24 dev " + device);
        }
        ip(Host.CLIENT, "link set " + device + " up");
        String table = network.replaceAll("\\D", "");
        ip(Host.CLIENT, "route add default via " + network + ".1 dev " + device + " table " + table);
        ip(Host.CLIENT, "rule add from " + clients + " table " + table);
        ip(Host.TARGET, "route add " + clients + " via " + lab.address("ASSISTANT"));
    }

    private void ip(Host host, String arguments) {
        lab.run(host, ("ip " + arguments).split(" "));
    }
}
