package io.tcpcopy.tcpcopy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectionError;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.DroppedBytes;
import io.tcpcopy.session.ledger.LedgerMetric;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The broken leg is named. */
class CopyLossesTest {
    private static String said(MetricSnapshot counts) {
        return new Diagnosis(CopyLosses.places()).of(counts).map(Finding::text).orElse("nothing");
    }

    /** What is counted while all is well. */
    private static MetricSnapshot allIsWell() {
        return new MetricSnapshot()
                .put(Verdict.TAKEN, 1000)
                .put(SessionCounter.SENT, 1000)
                .put(SessionCounter.SENT_SYNS, 100)
                .put(SessionCounter.RESPONSES, 900)
                .put(SessionCounter.RETRANSMITTED, 5)
                .put(InjectCounter.SENT, 1000)
                .put(LedgerMetric.CAPTURED_BYTES, 10_000)
                .put(LedgerMetric.DELIVERED_BYTES, 10_000);
    }

    static Stream<DropReason> losses() {
        return Arrays.stream(DropReason.values()).filter(DropReason::isLoss);
    }

    @Test
    void nothingIsSaidWhileAllIsWell() {
        MetricSnapshot counts = allIsWell();
        Arrays.stream(DropReason.values())
                .filter(reason -> !reason.isLoss())
                .forEach(reason -> counts.put(new DroppedBytes(reason), 100));
        counts.put(Verdict.NO_TRANSFER, 100).put(Verdict.NOT_SAMPLED, 100).put(SessionCounter.RESPONSES_TWICE, 100);

        assertThat(said(counts)).isEqualTo("nothing");
    }

    @ParameterizedTest
    @MethodSource("losses")
    void everyReasonForWhichPayloadIsLostHasItsPlace(DropReason reason) {
        assertThat(said(allIsWell().put(new DroppedBytes(reason), 10_000))).containsPattern(": (50|100) % of payload");
    }

    @Test
    void responsesFromOtherAddressesThanTheTargetsNameTheModeForThem() {
        assertThat(said(allIsWell()
                        .put(SessionCounter.RESPONSES_NOT_OF_TARGET, 900)
                        .put(new DroppedBytes(DropReason.NO_ANSWER), 10_000)))
                .startsWith(
                        "TC407: most is lost at the way back: 100 % of responses from addresses that -x does not name (900): --dnat")
                .doesNotContain("less:");
    }

    @Test
    void kernelDropsNameTheBuffer() {
        assertThat(said(allIsWell().put(CaptureMetric.KERNEL_DROPS, 1000)))
                .startsWith("TC601: most is lost at the capture: 50 % of packets dropped by the kernel (1000)")
                .contains("-B");
    }

    /** One packet that is missing makes a whole upload useless. */
    @ParameterizedTest
    @CsvSource({"20, TC601", "2, TC608"})
    void gapsAreOfPacketsThatWereDroppedWhereThoseAreEnough(int dropped, String code) {
        assertThat(said(allIsWell()
                        .put(CaptureMetric.KERNEL_DROPS, dropped)
                        .put(new DroppedBytes(DropReason.GAP), 9_000)))
                .startsWith(code);
    }

    @Test
    void cardDropsAreToldBeforeTheKernels() {
        assertThat(said(allIsWell().put(CaptureMetric.CARD_DROPS, 1000).put(CaptureMetric.KERNEL_DROPS, 1000)))
                .startsWith(
                        "TC602: most is lost at the network card: 50 % of packets dropped by the network card (1000)")
                .contains("ethtool");
    }

    @Test
    void fewCardDropsAreWhatNoProtocolTakes() {
        assertThat(said(allIsWell().put(CaptureMetric.CARD_DROPS, 10))).isEqualTo("nothing");
        assertThat(said(new MetricSnapshot().put(Verdict.TAKEN, 5).put(CaptureMetric.CARD_DROPS, 9)))
                .isEqualTo("nothing");
    }

    @Test
    void connectionsThatTheTargetEndsAreToldThoughNothingIsLost() {
        assertThat(said(allIsWell()
                        .put(SessionCounter.CONNECTIONS, 100)
                        .put(SessionCounter.ENDED_EARLY_LOGIN, 98)
                        .put(SessionCounter.ENDED_EARLY_OTHER, 5)))
                .isEqualTo(
                        "TC305: most is lost at the target: 98 % of connections that it ends although their clients go on, most"
                                + " likely for a login that it refuses (98): see whether the target knows the accounts and"
                                + " passwords of the online server, then its log");
    }

    @ParameterizedTest
    @CsvSource({
        "TRUNCATED, -S",
        "FRAGMENT, MTU",
        "FRAGMENT, --capture raw",
        "LOOPBACK_CLIENT, -H",
        "OWN_ADDRESS, -c",
        "NOT_LOCAL, -x"
    })
    void packetsThatCannotBeCopiedNameTheOption(Verdict verdict, String remedy) {
        assertThat(said(allIsWell().put(verdict, 1000)))
                .contains(": most is lost at the capture: 50 % of packets")
                .contains(remedy);
    }

    @Test
    void clientsThatUseIpv6AreNamed() {
        assertThat(said(allIsWell().put(CaptureMetric.NOT_IPV4, 1100).put(CaptureMetric.IPV6, 1000)))
                .startsWith(
                        "TC603: most is lost at the capture: 50 % of packets of IPv6, which is not copied (1000): ");
    }

    @ParameterizedTest
    @CsvSource({"NO_ROUTE, TC502", "REFUSED, TC303", "NO_ANSWER, TC612", "TIMEOUT, TC309"})
    void theRestOfARequestIsLostWhereItsBeginningIs(DropReason reason, String code) {
        MetricSnapshot counts = allIsWell().put(new DroppedBytes(reason), 500);
        assertThat(said(counts)).startsWith(code);

        assertThat(said(counts.put(new DroppedBytes(DropReason.REQUEST_CUT), 9000)))
                .startsWith(code)
                .doesNotContain("because it closes");
    }

    @Test
    void gapsAreTheKernelsWhereItDroppedPackets() {
        MetricSnapshot counts = allIsWell().put(SessionCounter.MISSING_BYTES, 10_000);
        assertThat(said(counts))
                .startsWith("TC608: most is lost at gaps in what clients sent: 50 % of payload never captured");

        assertThat(said(counts.put(CaptureMetric.KERNEL_DROPS, 1000))).startsWith("TC601: most is lost at the capture");
    }

    /** The numbers are those of asm-generic/errno.h: EPERM, EMSGSIZE, ENOBUFS, ENETDOWN and so on, at last EIO. */
    @ParameterizedTest
    @CsvSource({
        "1, OUTPUT",
        "90, -M",
        "105, txqueuelen",
        "100, ip link",
        "101, ip route",
        "113, ip route",
        "13, ip route",
        "22, ip route",
        "5, log"
    })
    void refusedPacketsNameWhatRefusesThem(int errno, String remedy) {
        MetricSnapshot counts = allIsWell().put(InjectCounter.FAILED, 1000).put(new InjectionError(errno), 1000);

        assertThat(said(counts))
                .contains(": most is lost at injection: 50 % of packets ")
                .contains(remedy)
                .doesNotContain("less:");
    }

    @Test
    void silentNextHopIsNamedAndNotWhatFollowsFromIt() {
        MetricSnapshot counts = new MetricSnapshot()
                .put(SessionCounter.SENT, 500)
                .put(SessionCounter.SENT_SYNS, 100)
                .put(SessionCounter.RETRANSMITTED, 400)
                .put(InjectCounter.NEXT_HOP_SILENT, 500)
                .put(new DroppedBytes(DropReason.NO_ANSWER), 10_000);

        assertThat(said(counts))
                .isEqualTo(
                        "TC302: most is lost at injection: 100 % of packets held back, because the next hop does not answer on"
                                + " the link (500): see whether the target and its link are up (ip neighbour)");
    }

    @Test
    void withoutAnyResponseTheWayBackIsNamedAndNotTheHandshakes() {
        MetricSnapshot counts = new MetricSnapshot()
                .put(SessionCounter.SENT, 500)
                .put(SessionCounter.SENT_SYNS, 100)
                .put(SessionCounter.RETRANSMITTED, 400)
                .put(InjectCounter.SENT, 500)
                .put(new DroppedBytes(DropReason.NO_ANSWER), 10_000);

        assertThat(said(counts))
                .startsWith(
                        "TC401: most is lost at the way back: 100 % of what was sent without any response (500): see")
                .doesNotContain("handshake");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 2})
    void responseThatIsInTransitIsNotMissed(int repetitions) {
        assertThat(said(new MetricSnapshot()
                        .put(SessionCounter.SENT, 3)
                        .put(InjectCounter.SENT, 3)
                        .put(SessionCounter.RETRANSMITTED, repetitions)))
                .isEqualTo("nothing");
    }

    @Test
    void someUnansweredHandshakesAreTheHandshakes() {
        assertThat(said(allIsWell().put(new DroppedBytes(DropReason.NO_ANSWER), 10_000)))
                .startsWith("TC612: most is lost at handshakes: 50 % of payload of unanswered handshakes");
    }
}
