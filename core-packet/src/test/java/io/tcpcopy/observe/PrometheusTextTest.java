package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metrics;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PrometheusTextTest {
    private static String text(Metrics metrics) {
        return PrometheusText.of(
                metrics,
                new RunningProgram(Runnable::run, metrics, List::of, Optional::empty)
                        .observe()
                        .join());
    }

    @Test
    void everyNumberHasItsNameMeaningAndUnit() {
        Metrics metrics = new Metrics("sample")
                .add(new SampleNumber("drops_total", "Packets dropped.", "reason", "memory"), () -> 3)
                .add(new SampleNumber("sessions", "Sessions."), () -> 12)
                .add(new SampleNumber("drops_total", "Packets dropped.", "reason", "no route"), () -> 4)
                .add(
                        new SampleNumber(new Description("busy_seconds_total", "Time."), 1_000_000_000),
                        () -> 1_500_000_000);

        assertThat(text(metrics)).isEqualTo("""
                # HELP sample_busy_seconds_total Time.
                # TYPE sample_busy_seconds_total counter
                sample_busy_seconds_total 1.5
                # HELP sample_drops_total Packets dropped.
                # TYPE sample_drops_total counter
                sample_drops_total{reason="memory"} 3.0
                sample_drops_total{reason="no route"} 4.0
                # HELP sample_sessions Sessions.
                # TYPE sample_sessions gauge
                sample_sessions 12.0
                """);
    }

    @Test
    void whatWouldEndALineOrAValueIsEscaped() {
        Metrics metrics = new Metrics("sample")
                .add(new SampleNumber("odd_total", "A \\ and\na line.", "kind", "a \"b\" \\ c\nd"), () -> 1);

        assertThat(text(metrics)).isEqualTo("""
                # HELP sample_odd_total A \\\\ and\\na line.
                # TYPE sample_odd_total counter
                sample_odd_total{kind="a \\"b\\" \\\\ c\\nd"} 1.0
                """);
    }

    @Test
    void largeNumbersKeepTheirDigits() {
        Metrics metrics =
                new Metrics("sample").add(new SampleNumber("bytes_total", "Bytes."), () -> 9_007_199_254_740_991L);

        assertThat(Double.parseDouble(
                        text(metrics).lines().reduce((a, b) -> b).orElseThrow().split(" ")[1]))
                .isEqualTo(9_007_199_254_740_991d);
    }
}
