package io.tcpcopy.intercept.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.diagnosis.Symptom.State;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Each broken leg shows, and what works or is not asked for anything does not. */
class ResponseSymptomsTest {
    private boolean connected = true;
    private Silence reason = Silence.UNEXPLAINED;
    private long routesEver = 1000;
    private long routedEver = 1000;

    /** What is counted in a while in which all is well. */
    private static MetricSnapshot allIsWell() {
        return new MetricSnapshot()
                .put(InterceptCounter.TCP, 1000)
                .put(InterceptCounter.RESPONSES, 1000)
                .put(InterceptCounter.ROUTED, 1000)
                .put(InterceptCounter.ROUTES_ADDED, 100);
    }

    private static MetricSnapshot responses(long number) {
        return new MetricSnapshot().put(InterceptCounter.TCP, number).put(InterceptCounter.RESPONSES, number);
    }

    private List<Symptom> symptoms() {
        Metrics metrics = new Metrics("intercept")
                .add(InterceptCounter.ROUTES_ADDED, () -> routesEver)
                .add(InterceptCounter.ROUTED, () -> routedEver);
        return ResponseSymptoms.of(metrics, () -> connected, () -> reason);
    }

    private List<String> said(MetricSnapshot lately) {
        return symptoms().stream()
                .filter(symptom -> symptom.state().apply(lately) == State.BROKEN)
                .map(symptom -> symptom.finding().apply(lately).text())
                .toList();
    }

    private List<State> states(MetricSnapshot lately, Code code) {
        return symptoms().stream()
                .filter(symptom -> symptom.finding().apply(lately).code() == code)
                .map(symptom -> symptom.state().apply(lately))
                .toList();
    }

    @Test
    void nothingShowsWhileAllIsWell() {
        assertThat(symptoms())
                .extracting(symptom -> symptom.state().apply(allIsWell()))
                .containsOnly(State.WORKS);
    }

    @Test
    void nothingIsKnownWhileNothingHappens() {
        routesEver = 0;
        routedEver = 0;
        assertThat(said(new MetricSnapshot())).isEmpty();
        assertThat(states(new MetricSnapshot(), Code.NO_RESPONSES)).containsExactly(State.UNKNOWN);
        assertThat(states(new MetricSnapshot(), Code.MODES_DIFFER)).containsExactly(State.UNKNOWN);
        connected = false;
        assertThat(states(new MetricSnapshot(), Code.NO_TCPCOPY)).containsExactly(State.UNKNOWN);
    }

    @Test
    void routesWithoutAnyResponse() {
        assertThat(said(new MetricSnapshot().put(InterceptCounter.ROUTES_ADDED, 7)))
                .singleElement()
                .asString()
                .startsWith(
                        "TC409: tcpcopy has asked 7 times for the responses of a connection, and not one is captured: ")
                .contains("-F");
    }

    @Test
    void routesWithoutAnyResponseThatTheFilterTakesNameTheFilter() {
        reason = Silence.FILTERED;

        assertThat(said(new MetricSnapshot().put(InterceptCounter.ROUTES_ADDED, 7)))
                .singleElement()
                .asString()
                .startsWith(
                        "TC405: tcpcopy has asked 7 times for the responses of a connection, and they arrive, but the filter")
                .contains("correct -F");
    }

    @Test
    void routesWithoutAnyResponseAtAllDoNotNameTheFilter() {
        reason = Silence.NOTHING_ARRIVES;

        assertThat(said(new MetricSnapshot().put(InterceptCounter.ROUTES_ADDED, 7)))
                .singleElement()
                .asString()
                .startsWith(
                        "TC409: tcpcopy has asked 7 times for the responses of a connection, and none arrives on the devices")
                .contains("ip route get CLIENT")
                .doesNotContain("-F");
    }

    @Test
    void responsesWithoutAnyTcpcopy() {
        connected = false;
        assertThat(said(responses(9).put(InterceptCounter.NOT_ROUTED_ACK, 9)))
                .containsExactly(
                        "TC505: 9 responses are captured, and no tcpcopy is connected: start tcpcopy, or see whether it"
                                + " reaches this host and port, and whether --allow lists it");
        assertThat(said(responses(9).put(InterceptCounter.CONNECTIONS_NOT_ALLOWED, 4)))
                .singleElement()
                .asString()
                .contains("no tcpcopy is connected: --allow has refused 4 connections: ");
        assertThat(states(responses(9), Code.MODES_DIFFER)).containsExactly(State.MASKED);
        assertThat(states(responses(9), Code.UNASKED_RESPONSES)).containsExactly(State.MASKED);
    }

    @Test
    void tcpcopyThatNeverSendsRoutes() {
        routesEver = 0;
        routedEver = 0;
        MetricSnapshot unasked = responses(9).put(InterceptCounter.NOT_ROUTED_ACK, 9);

        assertThat(said(unasked))
                .singleElement()
                .asString()
                .startsWith("TC504: 9 responses are captured, and no tcpcopy has ever asked for any: give --single");
        assertThat(states(unasked, Code.UNASKED_RESPONSES)).containsExactly(State.MASKED);
    }

    @Test
    void tcpcopyOfSingleSendsNoRoutes() {
        routesEver = 0;

        assertThat(said(responses(9).put(InterceptCounter.ROUTED, 9))).isEmpty();
    }

    @Test
    void responsesThatNobodyAskedFor() {
        assertThat(said(allIsWell().put(InterceptCounter.NOT_ROUTED_PAYLOAD, 1000)))
                .singleElement()
                .asString()
                .startsWith("TC408: no tcpcopy has asked for 1000 of 2000 responses: a narrower -F");
        assertThat(said(allIsWell().put(InterceptCounter.NOT_ROUTED_PAYLOAD, 50)))
                .as("stragglers")
                .isEmpty();
    }

    @Test
    void fragmentsAndInvalidPackets() {
        assertThat(said(allIsWell().put(InterceptCounter.FRAGMENTS, 100).put(InterceptCounter.INVALID, 50)))
                .singleElement()
                .asString()
                .startsWith("TC605: beside 1000 responses 100 IP fragments and 50 invalid packets are captured: ");
        assertThat(said(allIsWell().put(InterceptCounter.INVALID, 50))).isEmpty();
    }

    @Test
    void lossesThatGoOn() {
        assertThat(said(allIsWell().put(CaptureMetric.KERNEL_DROPS, 1)))
                .singleElement()
                .asString()
                .startsWith("TC601: 1 packets dropped by the kernel: ");
        assertThat(said(allIsWell().put(CaptureMetric.CARD_DROPS, 100)))
                .singleElement()
                .asString()
                .startsWith("TC602: 100 packets dropped by the network card: ");
        assertThat(said(allIsWell().put(InterceptCounter.RECORDS_DROPPED, 1)))
                .singleElement()
                .asString()
                .startsWith("TC506: 1 records dropped by full queues");
        assertThat(said(allIsWell().put(InterceptCounter.ROUTES_EVICTED, 1)))
                .singleElement()
                .asString()
                .startsWith("TC619: 1 routes given up");
    }
}
