package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Whoever asks a running program over HTTP sees what becomes of the copy. */
class MetricsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String PORT = "9464";
    private static final String LOOPBACK = "127.0.0.1";
    private static final int REQUESTS = 50;

    @RegisterExtension
    private final Lab lab = new Lab();

    /** The status, and the text of the answer in front of it. */
    private String asked(Host from, String address, String path) {
        return lab.run(from, "curl", "-s", "-w", "%{http_code}", "http://" + address + ":" + PORT + path);
    }

    private double number(Host host, String address, String name) {
        return asked(host, address, "/metrics")
                .lines()
                .filter(line -> line.startsWith(name + " "))
                .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void aCopyIsShownOnBothHostsAndSoIsAnInterceptThatIsGone() {
        CopiedService service = new CopiedService(lab);
        String online = lab.address("ONLINE_BACK");
        HostProcess intercept = service.startIntercept("--metrics", PORT);
        HostProcess tcpcopy = service.startTcpcopy("-L", "--metrics", online + ":" + PORT);
        tcpcopy.waitForOutput("metrics and status page: http://" + online + ":" + PORT + "/", PATIENCE);
        Waiting.until(
                "it is ready",
                PATIENCE,
                () -> asked(Host.ONLINE, online, "/ready").equals("ready\n200"));

        service.traffic("shown", "--short", "" + REQUESTS, "--rate", "" + REQUESTS)
                .complete()
                .assertCopiedExactly(PATIENCE);

        Waiting.until(
                "all is delivered",
                PATIENCE,
                () -> number(Host.ASSISTANT, online, "tcpcopy_ledger_delivered_requests_total") == REQUESTS);
        assertThat(number(Host.ONLINE, online, "tcpcopy_ledger_captured_requests_total"))
                .isEqualTo(REQUESTS);
        assertThat(number(Host.ASSISTANT, LOOPBACK, "intercept_responses_routed_total"))
                .isGreaterThan(REQUESTS);
        assertThat(asked(Host.ASSISTANT, LOOPBACK, "/ready")).isEqualTo("ready\n200");
        assertThat(asked(Host.ONLINE, online, "/diagnosis"))
                .contains("\"findings\" : [ ]")
                .endsWith("200");

        assertThat(intercept.terminate()).isZero();
        Waiting.until(
                "it is not ready",
                PATIENCE,
                () -> asked(Host.ONLINE, online, "/ready").endsWith("503"));
        assertThat(asked(Host.ONLINE, online, "/ready"))
                .matches("no intercept is connected: TC50[13]: " + lab.address("ASSISTANT") + ":36524: .*\n503");
        assertThat(asked(Host.ONLINE, online, "/live")).isEqualTo("live\n200");
        assertThat(tcpcopy.terminate()).isZero();
        assertThat(lab.listens(Host.ONLINE, Integer.parseInt(PORT))).isFalse();
    }

    @Test
    void aLogThatCannotBeWrittenIsNamedWhereItCanBe() {
        CopiedService service = new CopiedService(lab);
        HostProcess intercept = service.startIntercept("-l", "/dev/full", "--metrics", PORT);
        HostProcess tcpcopy = service.startTcpcopy();

        Waiting.until(
                "the diagnosis names the log",
                PATIENCE,
                () -> asked(Host.ASSISTANT, LOOPBACK, "/diagnosis").contains("TC111"));
        assertThat(number(Host.ASSISTANT, LOOPBACK, "intercept_log_lines_lost_total"))
                .isPositive();
        assertThat(tcpcopy.terminate()).isZero();
        assertThat(intercept.terminate()).isZero();
    }
}
