package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.e2e.CopiedService.Traffic;
import io.tcpcopy.lab.FinalLedger;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.SynFlood;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Connections that are never completed, from 20,000 ports, while others are copied. */
class SynFloodIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** The target repeats its SYN-ACKs, and every answer counts: after 1, 3, 7 s, then comes a pause longer than -t. */
    private static final Duration TIME_TO_END = Duration.ofSeconds(30);

    private static final int SYNS = 20_000;
    private static final int SYNS_PER_SECOND = 2_500;

    @RegisterExtension
    private final Lab lab = new Lab();

    @Tag("long")
    @Test
    void aFloodOfSynsHarmsNeitherCopiesNorMemoryAndGoesAway() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("-t", "5");
        // Of the clients' network, so the target's answers go to the assistant; no host has it.
        String flooder = lab.address("CLIENT_PREFIX").replaceFirst("\\d+$", "99") + ".1";
        Firewall resets = Firewall.counting(lab, Host.TARGET, "ip saddr " + flooder + " tcp flags & rst == rst");

        HostProcess flood = lab.startJava(
                "flood",
                Host.CLIENT,
                SynFlood.class,
                flooder,
                lab.address("ONLINE"),
                "" + CopiedService.PORT,
                "" + SYNS,
                "" + SYNS_PER_SECOND);
        Traffic traffic = service.traffic(
                        "normal",
                        "--short",
                        "400",
                        "--rate",
                        "50",
                        "--keep-alive",
                        "10",
                        "--pause",
                        "100",
                        "--requests",
                        "80")
                .complete();
        assertThat(flood.waitFor(PATIENCE)).as(flood.output()).isZero();
        assertThat(flood.output()).contains(SYNS + " SYNs sent");
        // Of those that a busy machine captured.
        Waiting.until("the sessions of the flood have ended", TIME_TO_END, () -> resets.packets() >= SYNS * 9L / 10);

        CopiedService.assertMemoryBounded(tcpcopy);
        CopiedService.assertMemoryBounded(intercept);
        FinalLedger ledger = service.stopCopying();
        traffic.assertCopiedOrNamed(ledger, kernelDrops(tcpcopy));
    }

    private static int kernelDrops(HostProcess tcpcopy) {
        String drops = "capture kernel drops:";
        String statistics = tcpcopy.output();
        String last = statistics.substring(statistics.lastIndexOf(drops) + drops.length());
        return Integer.parseInt(last.split("\\D", 2)[0]);
    }
}
