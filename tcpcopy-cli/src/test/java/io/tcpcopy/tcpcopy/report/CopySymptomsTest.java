package io.tcpcopy.tcpcopy.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.diagnosis.Symptom.State;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectionError;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.Errno;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.tcpcopy.returnpath.TunnelMetric;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each broken leg shows, and what works or is not asked for anything does not. */
class CopySymptomsTest {
    private boolean isTunnelOut;

    /** What is counted in a while in which all is well. */
    private static MetricSnapshot allIsWell() {
        return new MetricSnapshot()
                .put(Verdict.TAKEN, 1000)
                .put(SessionCounter.SENT, 1000)
                .put(SessionCounter.SENT_SYNS, 100)
                .put(SessionCounter.CONNECTIONS, 100)
                .put(SessionCounter.RESPONSES, 900)
                .put(SessionCounter.RESPONSES_WITH_PAYLOAD, 400)
                .put(SessionCounter.RETRANSMITTED, 5)
                .put(SessionCounter.LONG_TAKEN, 20)
                .put(InjectCounter.SENT, 1000);
    }

    /** Nothing comes back of what is sent. */
    private static MetricSnapshot silence() {
        return allIsWell()
                .put(SessionCounter.CONNECTIONS, 0)
                .put(SessionCounter.RESPONSES, 0)
                .put(SessionCounter.RESPONSES_WITH_PAYLOAD, 0)
                .put(SessionCounter.LONG_TAKEN, 0)
                .put(SessionCounter.RETRANSMITTED, 300)
                .put(SessionCounter.UNANSWERED, 80);
    }

    private List<Symptom> symptoms() {
        return CopySymptoms.ofConnections(() -> isTunnelOut);
    }

    private List<Code> broken(MetricSnapshot lately) {
        return broken(symptoms(), lately);
    }

    private static List<Code> broken(List<Symptom> symptoms, MetricSnapshot lately) {
        return symptoms.stream()
                .filter(symptom -> symptom.state().apply(lately) == State.BROKEN)
                .map(symptom -> symptom.finding().apply(lately).code())
                .toList();
    }

    private List<State> states(MetricSnapshot lately, Code code) {
        return symptoms().stream()
                .filter(symptom -> symptom.finding().apply(lately).code() == code)
                .map(symptom -> symptom.state().apply(lately))
                .distinct()
                .toList();
    }

    private String said(MetricSnapshot lately) {
        return symptoms().stream()
                .filter(symptom -> symptom.state().apply(lately) == State.BROKEN)
                .map(symptom -> symptom.finding().apply(lately).text())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void nothingShowsWhileAllIsWell() {
        assertThat(symptoms())
                .extracting(symptom -> symptom.state().apply(allIsWell()))
                .containsOnly(State.WORKS);
    }

    @Test
    void nothingIsKnownWhileNothingHappens() {
        assertThat(broken(new MetricSnapshot())).isEmpty();
        for (Code code : List.of(
                Code.KERNEL_DROPS,
                Code.NEXT_HOP_SILENT,
                Code.NOTHING_COMES_BACK,
                Code.TARGET_REFUSES,
                Code.TARGET_ENDS_EARLY)) {
            assertThat(states(new MetricSnapshot(), code)).as(code.text()).containsExactly(State.UNKNOWN);
        }
        assertThat(states(new MetricSnapshot().put(SessionCounter.RESPONSES, 1), Code.LONG_PACKETS_LOST))
                .containsExactly(State.UNKNOWN);
    }

    @Test
    void nothingComesBack() {
        assertThat(broken(silence())).containsExactly(Code.NOTHING_COMES_BACK);
        assertThat(said(silence()))
                .startsWith(
                        "TC401: of 1000 packets that left for the target, 300 of them again, not one was answered: see with");
    }

    @Test
    void whatWasOnlyJustSentMayStillBeAnswered() {
        assertThat(states(silence().put(SessionCounter.RETRANSMITTED, 0), Code.NOTHING_COMES_BACK))
                .containsExactly(State.UNKNOWN);
    }

    @Test
    void targetThatAnswersAPartIsToldFromABrokenLeg() {
        MetricSnapshot overloaded = allIsWell().put(SessionCounter.UNANSWERED, 30);

        assertThat(broken(overloaded)).containsExactly(Code.TARGET_OVERLOADED);
        assertThat(said(overloaded)).startsWith("TC304: the target does not answer 30 of 130 handshakes: ");
        assertThat(broken(allIsWell().put(SessionCounter.UNANSWERED, 5))).isEmpty();
        assertThat(states(silence(), Code.TARGET_OVERLOADED)).containsExactly(State.MASKED);
    }

    @Test
    void handshakesOfAnOutageTellNothingOfTheTarget() {
        List<Symptom> symptoms = symptoms();
        MetricSnapshot overloaded = allIsWell().put(SessionCounter.UNANSWERED, 30);
        assertThat(broken(symptoms, silence())).containsExactly(Code.NOTHING_COMES_BACK);

        for (int look = 0; look < 7; look++) {
            assertThat(broken(symptoms, overloaded)).as("look %d", look).isEmpty();
        }

        assertThat(broken(symptoms, overloaded)).containsExactly(Code.TARGET_OVERLOADED);
    }

    @Test
    void whatEndsWithAServiceIsNotTheServicesLimit() {
        MetricSnapshot stopped = allIsWell().put(SessionCounter.REFUSED, 200).put(SessionCounter.ENDED_EARLY_OTHER, 24);

        assertThat(broken(stopped)).containsExactly(Code.TARGET_REFUSES);
    }

    @Test
    void whatIsBrokenBeforeALegHidesIt() {
        MetricSnapshot heldBack =
                silence().put(InjectCounter.NEXT_HOP_SILENT, 10).put(InjectCounter.SENT, 0);
        assertThat(broken(heldBack)).containsExactly(Code.NEXT_HOP_SILENT);
        assertThat(states(heldBack, Code.NOTHING_COMES_BACK)).containsExactly(State.MASKED);

        isTunnelOut = true;
        assertThat(broken(silence())).isEmpty();
    }

    @Test
    void targetThatRefuses() {
        MetricSnapshot refused = allIsWell().put(SessionCounter.REFUSED, 100);

        assertThat(broken(refused)).containsExactly(Code.TARGET_REFUSES);
        assertThat(said(refused)).startsWith("TC303: the target refuses 100 of 200 handshakes: start the service");
        assertThat(broken(allIsWell().put(SessionCounter.REFUSED, 5))).isEmpty();
    }

    @Test
    void longPacketsThatDoNotArrive() {
        MetricSnapshot lost =
                allIsWell().put(SessionCounter.LONG_TAKEN, 0).put(SessionCounter.REPEATED_IN_VAIN_LONG, 7);

        assertThat(broken(lost)).containsExactly(Code.LONG_PACKETS_LOST);
        assertThat(said(lost)).startsWith("TC306: segments of more than 1200 bytes were repeated 7 times in vain");
        assertThat(broken(lost.put(SessionCounter.REPEATED_IN_VAIN_SHORT, 7)))
                .as("all lengths")
                .isEmpty();
        assertThat(broken(allIsWell().put(SessionCounter.REPEATED_IN_VAIN_LONG, 7)))
                .as("some are taken")
                .isEmpty();
        assertThat(broken(silence().put(SessionCounter.REPEATED_IN_VAIN_LONG, 7)))
                .containsExactly(Code.NOTHING_COMES_BACK);
    }

    @Test
    void targetThatFallsSilent() {
        MetricSnapshot silent = allIsWell()
                .put(SessionCounter.RESPONSES_WITH_PAYLOAD, 90)
                .put(SessionCounter.RESPONSE_NOT_AWAITED, 7)
                .put(SessionCounter.GREETING_NOT_AWAITED, 3);

        assertThat(broken(silent)).containsExactly(Code.TARGET_SILENT);
        assertThat(said(silent)).contains(" 10 times, beside 90 packets of answers");
        assertThat(broken(allIsWell().put(SessionCounter.RESPONSE_NOT_AWAITED, 7)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "ENDED_EARLY_LOGIN, a login that it refuses, accounts",
        "ENDED_EARLY_TLS, TLS, behind what ends TLS",
        "ENDED_EARLY_MID_STREAM, a login that they had made before, -O",
        "ENDED_EARLY_OTHER, a limit of requests, keep-alive"
    })
    void targetThatEndsConnectionsEarly(SessionCounter counter, String reason, String remedy) {
        MetricSnapshot early = allIsWell()
                .put(SessionCounter.ENDED_EARLY_LOGIN, 1)
                .put(SessionCounter.ENDED_EARLY_TLS, 1)
                .put(SessionCounter.ENDED_EARLY_MID_STREAM, 1)
                .put(SessionCounter.ENDED_EARLY_OTHER, 1)
                .put(SessionCounter.REQUESTS_SENT_AGAIN, 9)
                .put(counter, 6);

        assertThat(broken(early)).containsExactly(Code.TARGET_ENDS_EARLY);
        assertThat(said(early))
                .startsWith(
                        "TC305: the target has ended 9 connections although their clients went on, beside 100 that were"
                                + " established, and 9 requests were sent again: most likely " + reason)
                .contains(remedy);
        assertThat(broken(allIsWell().put(counter, 5))).as("5 %").isEmpty();
        assertThat(said(early.put(SessionCounter.REQUESTS_UNANSWERED, 3)))
                .contains("sent again, 3 were acknowledged and never answered, so perhaps never read: most likely");
    }

    @Test
    void responsesFromElsewhere() {
        assertThat(broken(allIsWell().put(SessionCounter.RESPONSES_NOT_OF_TARGET, 600)))
                .containsExactly(Code.ANSWERED_ELSEWHERE);
        assertThat(broken(allIsWell().put(SessionCounter.RESPONSES_NOT_OF_TARGET, 200)))
                .isEmpty();
    }

    @Test
    void lossesThatGoOn() {
        assertThat(broken(allIsWell().put(CaptureMetric.KERNEL_DROPS, 1))).containsExactly(Code.KERNEL_DROPS);
        assertThat(broken(allIsWell().put(CaptureMetric.CARD_DROPS, 100))).containsExactly(Code.CARD_DROPS);
        assertThat(broken(allIsWell().put(CaptureMetric.CARD_DROPS, 9)))
                .as("what no protocol takes")
                .isEmpty();
        assertThat(broken(allIsWell().put(TunnelMetric.ROUTES_REFUSED, 1))).containsExactly(Code.TUNNEL_FULL);
        assertThat(broken(allIsWell().put(InjectCounter.TARGET_CLOSED, 1))).containsExactly(Code.FIREWALL_OUT);
        assertThat(broken(allIsWell().put(InjectCounter.DROPPED, 1))).containsExactly(Code.DEVICE_FULL);
        assertThat(broken(allIsWell().put(new InjectionError(Errno.ENETUNREACH), 1)))
                .containsExactly(Code.NO_ROUTE_TO_TARGET);
    }

    @Test
    void datagramsHaveNoWayBack() {
        assertThat(CopySymptoms.ofDatagrams().stream()
                        .filter(symptom -> symptom.state().apply(silence()) == State.BROKEN))
                .isEmpty();
        MetricSnapshot drops = new MetricSnapshot().put(CaptureMetric.KERNEL_DROPS, 1);
        assertThat(CopySymptoms.ofDatagrams().stream()
                        .filter(symptom -> symptom.state().apply(drops) == State.BROKEN))
                .hasSize(1);
    }

    private static Metrics verdicts(Verdict verdict, long number) {
        Metrics metrics = new Metrics("tcpcopy");
        for (Verdict each : Verdict.values()) {
            metrics.add(each, () -> each == verdict ? number : 0);
        }
        return metrics;
    }

    @Test
    void nothingThatIsCapturedCanBeCopied() {
        Symptom symptom = CopySymptoms.nothingCaptured(verdicts(Verdict.NO_TRANSFER, 12));
        MetricSnapshot lately =
                new MetricSnapshot().put(Verdict.NO_TRANSFER, 12).put(CaptureMetric.NOT_IPV4, 3);

        assertThat(symptom.state().apply(lately)).isEqualTo(State.BROKEN);
        assertThat(symptom.finding().apply(lately).text())
                .startsWith(
                        "TC106: nothing of what is captured can be copied (no transfer:12,not ipv4:3): see with tcpdump");
    }

    @ParameterizedTest
    @CsvSource({"TAKEN", "NOT_SAMPLED", "OTHER_PART"})
    void whatWasEverAskedForIsCaptured(Verdict verdict) {
        assertThat(CopySymptoms.nothingCaptured(verdicts(verdict, 1)).state().apply(new MetricSnapshot()))
                .isEqualTo(State.WORKS);
    }
}
