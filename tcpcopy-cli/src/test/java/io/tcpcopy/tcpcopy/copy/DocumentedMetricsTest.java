package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.metrics.MetricsTable;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.tcpcopy.offline.ReplayMetric;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Names are what operators' dashboards hang on: none changes without its line in the documentation. */
class DocumentedMetricsTest {
    private static final Path PAGE = Path.of("../docs/metrics.md");
    private static final Path MADE = Path.of("target/metrics.md");
    private static final String TCPCOPY = "\n## tcpcopy\n\n";
    private static final String INTERCEPT = "\n## intercept\n\n";
    /** Units are base units: seconds, bytes. */
    private static final Set<String> OTHER_UNITS = Set.of("ms", "us", "ns", "minutes", "kb", "mb", "percent");

    private final LoopWorld world = new LoopWorld();
    private final ProgramsInMemory programs = new ProgramsInMemory(world, world::nowNs, packet -> {});

    private List<Metrics> tcpcopy() throws Exception {
        CopySettings settings = new CopySettings(
                Settings.of(List.of()).build(), InjectSettings.routed(InjectKind.AUTO), Long.MAX_VALUE);
        return List.of(
                programs.tcpcopy(settings, true).metrics(),
                programs.udpTcpcopy(settings).metrics(),
                new Metrics("tcpcopy").add(ReplayMetric.PROGRESS, () -> 0));
    }

    @Test
    void thePageHasEveryNumberOfBothPrograms() throws Exception {
        String page = Files.readString(PAGE);
        String made = page.substring(0, page.indexOf(TCPCOPY))
                + TCPCOPY
                + MetricsTable.of(tcpcopy().toArray(Metrics[]::new))
                + INTERCEPT
                + MetricsTable.of(programs.intercept().metrics());
        Files.writeString(MADE, made);

        assertThat(page)
                .as("docs/metrics.md; if the change is wanted: cp tcpcopy-cli/target/metrics.md docs/metrics.md")
                .isEqualTo(made);
    }

    @Test
    void namesAndLabelsAreAsPrometheusWantsThem() throws Exception {
        for (Metrics metrics : Stream.concat(
                        tcpcopy().stream(), Stream.of(programs.intercept().metrics()))
                .toList()) {
            for (Metric metric : metrics.all()) {
                Description description = metric.description();
                assertThat(metrics.nameOf(metric)).matches("(tcpcopy|intercept)(_[a-z0-9]+)+");
                assertThat(description.name().split("_")).doesNotContainAnyElementsOf(OTHER_UNITS);
                assertThat(description.label()).matches("[a-z_]*");
                assertThat(description.help()).endsWith(".");
            }
            assertThat(metrics.all().stream()
                            .map(metric -> metrics.nameOf(metric) + metric.description())
                            .collect(Collectors.toList()))
                    .doesNotHaveDuplicates();
        }
    }
}
