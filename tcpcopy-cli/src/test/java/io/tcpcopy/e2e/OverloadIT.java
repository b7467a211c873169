package io.tcpcopy.e2e;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.RequestRecord;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A target that takes 150 connections a second, of 500 that come. */
class OverloadIT {
    private static final String TOO_MANY =
            "tcp flags & (syn | ack) == syn limit rate over 150/second burst 150 packets";
    private static final int REQUESTS = 3;
    private static final Duration TIME_TO_RECOVER = Duration.ofMinutes(2);
    private static final Pattern LEFT_OUT = Pattern.compile(
            "of 100 new connections \\d+ are left out, whole, .*: many handshakes are not answered in time");

    @RegisterExtension
    private final Lab lab = new Lab();

    private Traffic load(CopiedService service, int connections) {
        return service.traffic(
                        "load" + connections,
                        "--keep-alive",
                        "" + connections,
                        "--keep-alive-rate",
                        "500",
                        "--requests",
                        "" + REQUESTS,
                        "--pause",
                        "20")
                .complete();
    }

    private static void assertWholeConnectionsOnly(CopiedService service) {
        Map<String, Long> arrived = service.arrivedAtTarget().stream()
                .map(RequestRecord::path)
                .collect(groupingBy(path -> path.substring(0, path.lastIndexOf('/')), counting()));
        assertThat(arrived.values()).containsOnly((long) REQUESTS);
    }

    @Test
    void whatIsTooMuchForTheTargetIsLeftOutWhole() {
        CopiedService service = new CopiedService(lab);
        Firewall.dropping(lab, Host.TARGET, TOO_MANY);
        service.startCopying();

        load(service, 5000);
        HostProcess tcpcopy = service.tcpcopy();
        FinalLedger.awaitDelivery(tcpcopy);
        FinalLedger ledger = service.stopCopying();

        assertThat(tcpcopy.output()).containsPattern(LEFT_OUT);
        assertThat(ledger.reasons()).contains("shed");
        // 150 a second for ten seconds, and what is repeated in the next ones.
        assertThat(ledger.requests().delivered()).isGreaterThan(REQUESTS * 1000L);
        assertWholeConnectionsOnly(service);
    }

    @Tag("long")
    @Test
    void allAreCopiedAgainWhenTheTargetTakesThem() {
        CopiedService service = new CopiedService(lab);
        Firewall tooMany = Firewall.dropping(lab, Host.TARGET, TOO_MANY);
        service.startCopying();
        HostProcess tcpcopy = service.tcpcopy();

        load(service, 2500);
        tooMany.remove();
        for (int i = 1; !tcpcopy.output().contains("all new connections are copied"); i++) {
            assertThat(i).isLessThan(40);
            load(service, 1000 + i);
        }
        int before = service.arrivedAtTarget().size();
        load(service, 999);
        Waiting.until(
                "all of the last have arrived",
                TIME_TO_RECOVER,
                () -> service.arrivedAtTarget().size() >= before + REQUESTS * 999);
        service.stopCopying();

        assertWholeConnectionsOnly(service);
    }

    @Tag("long")
    @Test
    void allAreTriedWhereThatIsWanted() {
        CopiedService service = new CopiedService(lab);
        Firewall.dropping(lab, Host.TARGET, TOO_MANY);
        service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("--no-shed");

        load(service, 2500);
        FinalLedger.awaitDelivery(tcpcopy);

        assertThat(service.stopCopying().reasons()).doesNotContain("shed");
        assertThat(tcpcopy.output()).doesNotContain("are left out");
    }
}
