package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** One part goes away and comes back; the others go on. */
class RestartIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    /** Reconnecting backs off to 12 s. */
    private static final Duration TIME_TO_RECONNECT = Duration.ofSeconds(30);

    @RegisterExtension
    private final Lab lab = new Lab();

    @Test
    void copyingResumesWhenInterceptComesBack() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy("-L");
        service.assertCopies("before");

        intercept.kill();
        service.traffic("without", "--short", "100", "--rate", "100").complete();
        assertThat(tcpcopy.isRunning()).as(tcpcopy.output()).isTrue();

        service.startIntercept();
        Waiting.until("tcpcopy is connected again", TIME_TO_RECONNECT, service::isConnected);
        service.assertCopies("after");
        service.stopCopying();
    }

    @Test
    void interceptOutlivesTcpcopyAndServesTheNext() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        service.startTcpcopy().kill();
        assertThat(intercept.isRunning()).as(intercept.output()).isTrue();

        service.startTcpcopy();
        service.assertCopies("after");
        service.stopCopying();
    }

    @Test
    void copyingResumesWhenTheTargetComesBack() {
        CopiedService service = new CopiedService(lab);
        service.startCopying();
        service.disconnectTarget();
        service.traffic("without", "--short", "100", "--rate", "100").complete();

        service.reconnectTarget();
        service.assertCopies("after");
        service.stopCopying();
    }

    @Test
    void withoutTheLonelyOptionLosingInterceptEndsTcpcopyWithOneLine() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept();
        HostProcess tcpcopy = service.startTcpcopy();

        intercept.kill();

        assertThat(tcpcopy.waitFor(PATIENCE)).isEqualTo(1);
        // A killed process's kernel closes, or resets where something was not read yet.
        assertThat(tcpcopy.output().lines())
                .last()
                .isIn(lostIntercept("closed by the other end"), lostIntercept("Connection reset by peer"));
        assertThat(tcpcopy.output()).containsOnlyOnce("no intercept is left").doesNotContain("Exception");
    }

    private String lostIntercept(String reason) {
        return "tcpcopy: TC503: no intercept is left: intercept " + lab.address("ASSISTANT") + ":36524: " + reason
                + " (-L keeps running without one)";
    }
}
