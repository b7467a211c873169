package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.packet.OtherTraffic;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplaySummaryTest {
    private static final Finding REFUSED =
            Finding.warning(Code.TARGET_REFUSES, "most is lost at handshakes", "start the service");
    private static final Finding LOGINS =
            Finding.warning(Code.TARGET_ENDS_EARLY, "2 connections end", "know the accounts");

    @TempDir
    private Path folder;

    private final SummaryBuilder all = new SummaryBuilder();

    private SummaryBuilder lossy() {
        return all.lost("refused", "the target refused the connection", Map.of("connections", 1L));
    }

    @Test
    void saysWhatBecameOfEverything() {
        assertThat(lossy().build().lines())
                .containsExactly(
                        "replayed /some.pcap 2 times in 2.5 s: packets:100,packets/s:40",
                        "connections captured:3,delivered:2,lost:1",
                        "requests captured:30,delivered:28,lost:2",
                        "bytes captured:3000,delivered:2800,lost:200",
                        "lost refused connections:1");
    }

    @Test
    void endsWithWhereMostWasLost() {
        all.worst(REFUSED);

        assertThat(lossy().build().lines())
                .endsWith("lost refused connections:1", "TC303: most is lost at handshakes: start the service");
    }

    @Test
    void saysThatConnectionsEndedEarlyAlthoughNothingWasLost() {
        all.earlyEnds(LOGINS);

        assertThat(all.build().lines()).endsWith("nothing was lost", "TC305: 2 connections end: know the accounts");
    }

    @Test
    void namesNoLossWhereThereIsNone() throws Exception {
        Path file = folder.resolve("summary.json");
        all.build().write(file);

        assertThat(Files.readString(file)).contains("\"worstLoss\" : null").contains("\"endedEarly\" : null");
    }

    @Test
    void saysThatNothingWasLost() {
        ReplaySummary summary = all.build();

        assertThat(summary.isLossy()).isFalse();
        assertThat(summary.lines()).endsWith("nothing was lost");
    }

    @Test
    void whatCannotBeReadIsLost() {
        ReplaySummary summary = all.damage("/some.pcap cannot be read").build();

        assertThat(summary.isLossy()).isTrue();
        assertThat(summary.lines())
                .endsWith("lost what cannot be read: /some.pcap cannot be read")
                .doesNotContain("nothing was lost");
    }

    @Test
    void whatIsLeftOutIsNamedAndIsNoLoss() {
        all.leftOut(OtherTraffic.IPV6, 900);
        all.leftOut(OtherTraffic.ARP, 3);

        assertThat(all.build().lines())
                .endsWith("left out 900 packets of IPv6 (not copied), 3 of ARP", "nothing was lost");
    }

    @Test
    void saysHowFarItCameWhereItWasInterrupted() {
        assertThat(all.interrupted().build().lines().get(0)).startsWith("replayed /some.pcap up to 45 % in 2.5 s");
    }

    @Test
    void theSameIsWrittenAsJson() throws Exception {
        Path file = folder.resolve("summary.json");

        all.leftOut(OtherTraffic.IPV6, 900);
        all.worst(REFUSED);
        all.earlyEnds(LOGINS);
        lossy().damage("a \"damage\"").build().write(file);

        assertThat(Files.readString(file)).isEqualTo("""
                {
                  "file" : "/some.pcap",
                  "passes" : 2,
                  "passesComplete" : 2,
                  "complete" : false,
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

    @Test
    void theStatusIsWhatBecameOfTheReplay() {
        assertThat(new SummaryBuilder().build().status()).isZero();
        assertThat(new SummaryBuilder().damage("half a record").build().status())
                .isEqualTo(3);
        assertThat(lossy().build().status()).isEqualTo(3);
        assertThat(all.interrupted().build().status()).isZero();
        assertThat(all.failure("no intercept is left").build().status()).isOne();
    }
}
