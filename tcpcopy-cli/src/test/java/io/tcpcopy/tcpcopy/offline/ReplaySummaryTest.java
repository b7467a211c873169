package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.packet.OtherTraffic;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.CopyOutcome.Account;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplaySummaryTest {
    private static final Map<String, Account> ACCOUNTS = new LinkedHashMap<>();

    private static final Optional<Finding> REFUSED =
            Optional.of(Finding.warning(Code.TARGET_REFUSES, "most is lost at handshakes", "start the service"));
    private static final Optional<Finding> LOGINS =
            Optional.of(Finding.warning(Code.TARGET_ENDS_EARLY, "2 connections end", "know the accounts"));

    static {
        ACCOUNTS.put("connections", new Account(3, 2, 1));
        ACCOUNTS.put("requests", new Account(30, 28, 2));
        ACCOUNTS.put("bytes", new Account(3000, 2800, 200));
    }

    @TempDir
    private Path folder;

    private final Map<OtherTraffic, Long> leftOut = new LinkedHashMap<>();
    private Optional<Finding> worst = Optional.empty();
    private Optional<Finding> earlyEnds = Optional.empty();

    private ReplaySummary summary(int passesComplete, Map<String, Map<String, Long>> losses, String damage) {
        return new ReplaySummary(
                Path.of("/some.pcap"),
                2,
                passesComplete,
                0.4567,
                Optional.ofNullable(damage),
                Optional.empty(),
                2_500_000_000L,
                100,
                leftOut,
                new CopyOutcome(ACCOUNTS, losses, worst, earlyEnds));
    }

    @Test
    void saysWhatBecameOfEverything() {
        assertThat(summary(2, Map.of("refused", Map.of("connections", 1L)), null)
                        .lines())
                .containsExactly(
                        "replayed /some.pcap 2 times in 2.5 s: packets:100,packets/s:40",
                        "connections captured:3,delivered:2,lost:1",
                        "requests captured:30,delivered:28,lost:2",
                        "bytes captured:3000,delivered:2800,lost:200",
                        "lost refused connections:1");
    }

    @Test
    void endsWithWhereMostWasLost() {
        worst = REFUSED;

        assertThat(summary(2, Map.of("refused", Map.of("connections", 1L)), null)
                        .lines())
                .endsWith("lost refused connections:1", "TC303: most is lost at handshakes: start the service");
    }

    @Test
    void saysThatConnectionsEndedEarlyAlthoughNothingWasLost() {
        earlyEnds = LOGINS;

        assertThat(summary(2, Map.of(), null).lines())
                .endsWith("nothing was lost", "TC305: 2 connections end: know the accounts");
    }

    @Test
    void namesNoLossWhereThereIsNone() throws Exception {
        Path file = folder.resolve("summary.json");
        summary(2, Map.of(), null).write(file);

        assertThat(Files.readString(file)).contains("\"worstLoss\" : null").contains("\"endedEarly\" : null");
    }

    @Test
    void saysThatNothingWasLost() {
        ReplaySummary summary = summary(2, Map.of(), null);

        assertThat(summary.isLossy()).isFalse();
        assertThat(summary.lines()).endsWith("nothing was lost");
    }

    @Test
    void whatCannotBeReadIsLost() {
        ReplaySummary summary = summary(2, Map.of(), "/some.pcap cannot be read");

        assertThat(summary.isLossy()).isTrue();
        assertThat(summary.lines())
                .endsWith("lost what cannot be read: /some.pcap cannot be read")
                .doesNotContain("nothing was lost");
    }

    @Test
    void whatIsLeftOutIsNamedAndIsNoLoss() {
        leftOut.put(OtherTraffic.IPV6, 900L);
        leftOut.put(OtherTraffic.ARP, 3L);

        assertThat(summary(2, Map.of(), null).lines())
                .endsWith("left out 900 packets of IPv6 (not copied), 3 of ARP", "nothing was lost");
    }

    @Test
    void saysHowFarItCameWhereItWasInterrupted() {
        assertThat(summary(1, Map.of(), null).lines().get(0)).startsWith("replayed /some.pcap up to 45 % in 2.5 s");
    }

    @Test
    void theSameIsWrittenAsJson() throws Exception {
        Path file = folder.resolve("summary.json");

        leftOut.put(OtherTraffic.IPV6, 900L);
        worst = REFUSED;
        earlyEnds = LOGINS;
        summary(2, Map.of("refused", Map.of("connections", 1L)), "a \"damage\"").write(file);

        assertThat(Files.readString(file)).isEqualTo("""
                {
                  "file" : "/some.pcap",
                  "passes" : 2,
                  "passesComplete" : 2,
                  "complete" : true,
                  "damage" : "a \\"damage\\"",
                  "failure" : null,
                  "seconds" : 2.5,
                  "packets" : 100,
                  "packetsPerSecond" : 40.0,
                  "connections" : {
                    "captured" : 3,
                    "delivered" : 2,
                    "lost" : 1
                  },
                  "requests" : {
                    "captured" : 30,
                    "delivered" : 28,
                    "lost" : 2
                  },
                  "bytes" : {
                    "captured" : 3000,
                    "delivered" : 2800,
                    "lost" : 200
                  },
                  "worstLoss" : "TC303",
                  "endedEarly" : "TC305: 2 connections end: know the accounts",
                  "leftOut" : {
                    "IPv6" : 900
                  },
                  "lostByReason" : {
                    "refused" : {
                      "connections" : 1
                    }
                  }
                }""");
    }
}
