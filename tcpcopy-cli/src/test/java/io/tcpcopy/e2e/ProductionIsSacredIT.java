package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The online service and its clients notice nothing of being copied. */
class ProductionIsSacredIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SHORT_CONNECTIONS = 500;
    private static final int KEEP_ALIVE_CONNECTIONS = 10;

    @RegisterExtension
    private final Lab lab = new Lab();

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
        watch.stop(lab.address("CLIENT_PREFIX") + ".254");
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
}
