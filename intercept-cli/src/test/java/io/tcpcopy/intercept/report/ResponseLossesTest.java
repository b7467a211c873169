package io.tcpcopy.intercept.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.metrics.MetricSnapshot;
import org.junit.jupiter.api.Test;

/** Where responses get lost is named. */
class ResponseLossesTest {
    private boolean connected = true;
    /** Before those that are counted. */
    private long responsesBefore;

    private Silence silence = Silence.UNEXPLAINED;

    private String said(MetricSnapshot counts) {
        long responses = responsesBefore + counts.get(InterceptCounter.RESPONSES);
        return new Diagnosis(ResponseLosses.places(() -> connected, () -> responses, () -> silence))
                .of(counts)
                .map(Finding::text)
                .orElse("nothing");
    }

    /** What is counted while all is well. */
    private static MetricSnapshot allIsWell() {
        return new MetricSnapshot()
                .put(InterceptCounter.TCP, 1000)
                .put(InterceptCounter.RESPONSES, 1000)
                .put(InterceptCounter.ROUTED, 1000)
                .put(InterceptCounter.ROUTES_ADDED, 100);
    }

    @Test
    void nothingIsSaidWhileAllIsWell() {
        assertThat(said(allIsWell().put(InterceptCounter.NOT_ROUTED_ACK, 10))).isEqualTo("nothing");
    }

    @Test
    void kernelDropsAreTheCaptures() {
        assertThat(said(allIsWell().put(CaptureMetric.KERNEL_DROPS, 1000)))
                .startsWith("TC601: most is lost at the capture: 50 % of packets dropped by the kernel (1000): ");
    }

    @Test
    void fragmentsAreTheCaptures() {
        assertThat(said(allIsWell().put(InterceptCounter.FRAGMENTS, 1000)))
                .startsWith("TC605: most is lost at the capture: 50 % of packets that are IP fragments");
    }

    @Test
    void routesWithoutAnyResponseNameTheTargetsWayBack() {
        assertThat(said(new MetricSnapshot().put(InterceptCounter.ROUTES_ADDED, 3)))
                .startsWith("TC409: most is lost at the target's way back: 100 % of routes")
                .contains("ip route get CLIENT");
    }

    @Test
    void routesWhoseResponsesWereSeenToArriveNameTheFilter() {
        silence = Silence.FILTERED;
        assertThat(said(new MetricSnapshot().put(InterceptCounter.ROUTES_ADDED, 3)))
                .startsWith("TC405: most is lost at the filter of -F: 100 % of routes")
                .endsWith(
                        "correct -F: 'tcp and src port PORT', with the port of the target in -x; or that, if the service has"
                                + " another one");
    }

    @Test
    void routesThatWereJustAddedAreNotMissed() {
        assertThat(said(new MetricSnapshot().put(InterceptCounter.ROUTES_ADDED, 2)))
                .isEqualTo("nothing");
    }

    @Test
    void responsesWhileNoTcpcopyIsConnectedNameIt() {
        connected = false;

        assertThat(said(allIsWell().put(InterceptCounter.NOT_ROUTED_PAYLOAD, 1000)))
                .startsWith(
                        "TC505: most is lost at the tunnel: 100 % of responses, and no tcpcopy is connected (1000): ")
                .doesNotContain("less:");
    }

    @Test
    void whatComesWhenTcpcopyHasEndedIsNoLoss() {
        connected = false;
        responsesBefore = 5000;

        assertThat(said(new MetricSnapshot()
                        .put(InterceptCounter.RESPONSES, 13)
                        .put(InterceptCounter.NOT_ROUTED_FIN, 13)))
                .isEqualTo("nothing");
    }

    @Test
    void responsesWithoutAnyRouteNameTheSingleMode() {
        assertThat(said(new MetricSnapshot()
                        .put(InterceptCounter.RESPONSES, 10)
                        .put(InterceptCounter.DELAYED_EXPIRED, 5)
                        .put(InterceptCounter.NOT_ROUTED_ACK, 5)))
                .startsWith(
                        "TC504: most is lost at the tunnel: 100 % of responses, and no tcpcopy sends routes (10): give --single")
                .doesNotContain("less:");
    }

    @Test
    void responsesThatNobodyAskedForNameTheFilter() {
        assertThat(said(allIsWell()
                        .put(InterceptCounter.NOT_ROUTED_PAYLOAD, 400)
                        .put(InterceptCounter.DELAYED_EXPIRED, 100)))
                .startsWith("TC408: most is lost at the routes: 50 % of responses that no tcpcopy asked for (500): ")
                .contains("-F");
    }

    @Test
    void tooManyRoutesAreNamed() {
        assertThat(said(allIsWell().put(InterceptCounter.ROUTES_EVICTED, 50)))
                .startsWith("TC619: most is lost at the routes: 50 % of routes given up because there were a million");
    }

    @Test
    void fullQueuesAreTheTunnels() {
        assertThat(said(allIsWell().put(InterceptCounter.RECORDS_DROPPED, 500)))
                .startsWith("TC506: most is lost at the tunnel: 50 % of records dropped by full queues");
    }
}
