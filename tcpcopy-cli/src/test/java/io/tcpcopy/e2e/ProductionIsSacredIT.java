package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.PacketWatch;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The online service and its clients notice nothing of being copied. */
class ProductionIsSacredIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SHORT_CONNECTIONS = 500;
    private static final int KEEP_ALIVE_CONNECTIONS = 10;

    @RegisterExtension
    private final Lab lab = new Lab();

    /** The last number of the address that the next watch asks for. */
    private int nobody = 254;

    /** What the clients' link has seen. */
    private record ClientLink(long handshakes, long fins, long resets, long icmp, long strangers) {}

    private ClientLink watchTraffic(CopiedService service, String run) {
        PacketWatch watch = PacketWatch.start(lab, Host.CLIENT, "front");
        service.traffic(
                        run,
                        "--short",
                        "" + SHORT_CONNECTIONS,
                        "--rate",
                        "250",
                        "--keep-alive",
                        "" + KEEP_ALIVE_CONNECTIONS,
                        "--requests",
                        "50")
                .complete();
        watch.stop(lab.address("CLIENT_PREFIX") + "." + nobody--);
        return new ClientLink(
                watch.count("tcp[tcpflags] & tcp-syn != 0"),
                watch.count("tcp[tcpflags] & tcp-fin != 0"),
                watch.count("tcp[tcpflags] & tcp-rst != 0"),
                watch.count("icmp"),
                watch.count("host " + lab.address("TARGET") + " or host " + lab.address("ASSISTANT")));
    }

    private static ClientLink undisturbed() {
        // Two SYN and two FIN for each connection, nothing else out of the ordinary.
        long connections = SHORT_CONNECTIONS + KEEP_ALIVE_CONNECTIONS;
        return new ClientLink(2 * connections, 2 * connections, 0, 0, 0);
    }

    private static void assertCopies(CopiedService service, String run) {
        service.traffic(run, "--short", "50", "--rate", "50").complete().assertCopiedExactly(PATIENCE);
    }

    @Test
    void theClientsLinkLooksTheSameWithAndWithoutCopying() {
        CopiedService service = new CopiedService(lab);
        assertThat(watchTraffic(service, "without")).isEqualTo(undisturbed());

        service.startCopying();
        assertThat(watchTraffic(service, "with")).isEqualTo(undisturbed());
        service.stopCopying();
    }

    @Test
    void anUnreachableTargetHarmsNeitherTheServiceNorTcpcopy() {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();
        assertCopies(service, "before");
        // No neighbour answers for the target any more: the kernel would tell the senders, and these are real clients.
        service.disconnectTarget();
        lab.run(Host.ONLINE, "ip", "neighbour", "flush", "dev", "back");

        assertThat(watchTraffic(service, "unreachable")).isEqualTo(undisturbed());

        service.reconnectTarget();
        assertCopies(service, "after");
        service.stopCopying();
        assertThat(tcpcopy.output()).containsPattern("next hop silent:[1-9]");
    }

    /** What happens while connections are copied, and how tcpcopy speaks of it. */
    private enum Outage {
        TARGET_FALLS_SILENT("gets no packets: its next hop") {
            @Override
            void begin(Lab lab, CopiedService service) {
                service.disconnectTarget();
                ip(lab, "neighbour", "replace", lab.address("TARGET"), "dev", "back", "nud", "failed");
            }

            @Override
            void end(Lab lab, CopiedService service) {
                service.reconnectTarget();
            }
        },
        DEVICE_GOES_DOWN("there is no route to it") {
            @Override
            void begin(Lab lab, CopiedService service) {
                ip(lab, "link", "set", "back", "down");
            }

            @Override
            void end(Lab lab, CopiedService service) {
                ip(lab, "link", "set", "back", "up");
            }
        },
        ROUTE_FORBIDS("there is no route to it") {
            @Override
            void begin(Lab lab, CopiedService service) {
                ip(lab, "route", "add", "unreachable", lab.address("TARGET"));
            }

            @Override
            void end(Lab lab, CopiedService service) {
                ip(lab, "route", "del", "unreachable", lab.address("TARGET"));
            }
        };

        private final String line;

        Outage(String line) {
            this.line = line;
        }

        abstract void begin(Lab lab, CopiedService service);

        abstract void end(Lab lab, CopiedService service);

        private static void ip(Lab lab, String... arguments) {
            lab.run(
                    Host.ONLINE,
                    Stream.concat(Stream.of("ip"), Stream.of(arguments)).toArray(String[]::new));
        }
    }

    @Test
    void runningConnectionsOutliveThatTheTargetFallsSilentAndTheirClientsHearNothing() {
        runningConnectionsOutliveAnOutageAndTheirClientsHearNothing(Outage.TARGET_FALLS_SILENT);
    }

    @Tag("long")
    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "TARGET_FALLS_SILENT")
    void runningConnectionsOutliveAnOutageAndTheirClientsHearNothing(Outage outage) {
        CopiedService service = new CopiedService(lab);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();
        PacketWatch watch = PacketWatch.start(lab, Host.CLIENT, "front");
        Traffic traffic = service.traffic("outage", "--keep-alive", "5", "--requests", "100", "--pause", "50");
        Waiting.until(
                "some requests are copied",
                PATIENCE,
                () -> traffic.arrivedAt(Host.TARGET).size() > 20);

        outage.begin(lab, service);
        tcpcopy.waitForOutput(outage.line, PATIENCE);
        outage.end(lab, service);

        traffic.complete().assertCopiedExactly(PATIENCE);
        watch.stop(lab.address("CLIENT_PREFIX") + "." + nobody--);
        assertThat(watch.count("icmp")).isZero();
        service.stopCompleteCopying();
    }
}
