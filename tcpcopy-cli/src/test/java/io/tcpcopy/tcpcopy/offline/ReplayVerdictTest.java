package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.tcpcopy.offline.ReplayVerdict.Kind;
import io.tcpcopy.tcpcopy.report.Account;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReplayVerdictTest {
    private final SummaryBuilder all = new SummaryBuilder();

    private ReplayVerdict verdict() {
        return ReplayVerdict.of(all.build());
    }

    @Test
    void whereNothingWasLostEverythingWasDelivered() {
        assertThat(verdict())
                .isEqualTo(new ReplayVerdict(
                        Kind.YES,
                        "Everything was delivered",
                        "The target has acknowledged every byte of 30 requests."));
    }

    @Test
    void whatWasLostIsSaidInRequestsWithTheReasonOfMost() {
        all.requests(new Account(30, 27, 3))
                .lost("refused", "the target refused the connection", Map.of("connections", 9L, "requests", 1L))
                .lost("gap", "the capture did not see all", Map.of("requests", 2L, "bytes", 1L));

        assertThat(verdict())
                .isEqualTo(new ReplayVerdict(
                        Kind.NO,
                        "3 requests (10 %) lost",
                        "Most of that, 2 requests, because the capture did not see all."));
    }

    @Test
    void whereNoRequestWasLostTheNextUnitIsNamedWithoutAShareOfWhatWasNeverCaptured() {
        all.lost("never captured", "the capture did not see it", Map.of("bytes", 1500L));

        assertThat(verdict())
                .isEqualTo(new ReplayVerdict(Kind.NO, "1.5 kB lost", "Because the capture did not see it."));
    }

    @Test
    void aReplayThatWasStoppedIsNeitherGoodNorBad() {
        all.interrupted();

        assertThat(verdict())
                .isEqualTo(new ReplayVerdict(
                        Kind.DOUBT,
                        "Stopped at 45.7 %",
                        "Everything was delivered that had been replayed until then."));

        all.lost("stopped", "tcpcopy was stopped", Map.of("requests", 2L));
        assertThat(verdict().why()).isEqualTo("2 requests (6.7 %) lost, because tcpcopy was stopped.");
    }

    @Test
    void aReplayThatHadToGiveUpSaysWhy() {
        all.failure("no intercept is left");

        assertThat(verdict()).isEqualTo(new ReplayVerdict(Kind.NO, "Given up at 45.7 %", "No intercept is left."));
    }

    @Test
    void aFileThatCannotBeReadToItsEndIsNotReplayed() {
        all.damage("/some.pcap ends in the middle of a record");

        assertThat(verdict())
                .isEqualTo(new ReplayVerdict(
                        Kind.NO, "A part of the file cannot be read", "/some.pcap ends in the middle of a record."));
    }

    @Test
    void whereTheTargetEndedConnectionsEarlyItIsNoGoodAnswerThatAllWasDelivered() {
        all.earlyEnds(Finding.warning(Code.TARGET_ENDS_EARLY, "the target has ended 9 connections", "see its log"));

        assertThat(verdict())
                .isEqualTo(new ReplayVerdict(
                        Kind.DOUBT,
                        "The target ends connections that their clients go on using",
                        "Everything was delivered, but the target has ended 9 connections."));
    }

    @Test
    void ofDatagramsNobodyKnowsWhetherTheTargetTookThem() {
        all.datagrams(new Account(5, 5, 0));

        assertThat(verdict().answer()).isEqualTo("All datagrams were sent");
        assertThat(verdict().why()).contains("not known");
    }
}
