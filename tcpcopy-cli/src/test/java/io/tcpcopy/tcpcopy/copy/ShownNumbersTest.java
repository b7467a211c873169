package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.lab.CapturedConnection;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.observe.Observation;
import io.tcpcopy.observe.PrometheusText;
import io.tcpcopy.observe.Promtool;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What Prometheus reads of both programs, at their largest. */
class ShownNumbersTest {
    private static final int MOST_SERIES = 200;
    private static final int INTERCEPTS = 32;
    private static final int TRANSFERS = 20;
    private static final long LONG_NS = 1_000_000_000;

    private static final Pattern SERIES = Pattern.compile(
            "([a-z_0-9]+?)(?:_bucket|_sum|_count)?(\\{(?:[a-z_]+=\"[^\"\\\\\n]*\",?)+})? (\\d+(\\.\\d+)?(E\\d+)?)");
    private static final Pattern TYPE = Pattern.compile("# TYPE ([a-z_0-9]+) (counter|gauge|histogram)");
    private static final Pattern HELP = Pattern.compile("# HELP ([a-z_0-9]+) [A-Z].*\\.");

    private final LoopWorld world = new LoopWorld();
    private final ProgramsInMemory programs = new ProgramsInMemory(world, world::nowNs, packet -> {});
    private RunningProgram tcpcopy;
    private RunningProgram intercept;

    @BeforeEach
    void bothRun() throws Exception {
        List<Transfer> transfers = IntStream.range(0, TRANSFERS)
                .mapToObj(i -> new Transfer(Endpoint.ipv4(0x0A000001, 80 + i), Endpoint.ipv4(0x0A000002, 8080 + i)))
                .toList();
        List<Endpoint> intercepts = IntStream.range(0, INTERCEPTS)
                .mapToObj(i -> Endpoint.ipv4(0x0A000003, 36524 + i))
                .toList();
        CopyLoop copy = programs.tcpcopy(
                new CopySettings(
                        Settings.of(transfers).build(), InjectSettings.routed(InjectKind.AUTO), Long.MAX_VALUE),
                true,
                intercepts);
        tcpcopy = copy.running();
        intercept = programs.intercept().running();
        ProgramsInMemory.start(copy, () -> {});
        world.until("the tunnel is up", programs::isTunnelUp);
    }

    private Observation observation(RunningProgram program) {
        CompletableFuture<Observation> observation = program.observe();
        world.settle();
        return observation.join();
    }

    private String text(RunningProgram program) {
        return PrometheusText.of(program.metrics(), observation(program));
    }

    private static Set<String> names(Pattern pattern, String text) {
        return text.lines()
                .map(pattern::matcher)
                .filter(Matcher::matches)
                .map(match -> match.group(1))
                .collect(Collectors.toSet());
    }

    @Test
    void seriesAreFewWithManyInterceptsAndTransfers() {
        for (RunningProgram program : List.of(tcpcopy, intercept)) {
            List<String> series =
                    text(program).lines().filter(line -> !line.startsWith("#")).toList();

            assertThat(series)
                    .hasSizeBetween(20, MOST_SERIES)
                    .allMatch(line -> SERIES.matcher(line).matches());
            assertThat(series.stream().map(line -> line.substring(0, line.lastIndexOf(' '))))
                    .doesNotHaveDuplicates();
        }
    }

    @Test
    void everyNameHasOneTypeAndItsMeaningAndIsTheOneDocumented() {
        for (RunningProgram program : List.of(tcpcopy, intercept)) {
            String text = text(program);
            Metrics metrics = program.metrics();
            Set<String> documented = metrics.all().stream()
                    .filter(Metric::isShownAtZero)
                    .map(metrics::nameOf)
                    .collect(Collectors.toSet());
            metrics.histograms().forEach(histogram -> documented.add(metrics.nameOf(histogram.description())));
            documented.add(metrics.nameOf("info"));

            assertThat(names(SERIES, text)).isEqualTo(documented);
            assertThat(names(HELP, text)).isEqualTo(documented);
            assertThat(names(TYPE, text)).isEqualTo(documented);
            Map<String, Long> types = text.lines()
                    .filter(line -> line.startsWith("# TYPE"))
                    .collect(Collectors.groupingBy(Function.identity(), Collectors.counting()));
            assertThat(types.keySet()).allMatch(line -> line.endsWith("_total counter") || !line.contains("_total"));
            assertThat(types.values()).containsOnly(1L);
        }
    }

    @Test
    void promtoolHasNothingToSayAgainstIt() throws Exception {
        for (RunningProgram program : List.of(tcpcopy, intercept)) {
            assertThat(Promtool.approves(text(program), "check", "metrics")).isEmpty();
        }
    }

    @Test
    void tcpcopyIsNotReadyWithoutAnIntercept() {
        assertThat(observation(tcpcopy).notReady()).isEmpty();

        programs.interceptLoop().stop();
        world.network().resetAll();
        world.settle();

        assertThat(observation(tcpcopy).notReady().orElseThrow())
                .startsWith("no intercept is connected: TC")
                .contains("10.0.0.3:36524: ");
    }

    @Test
    void tcpcopyIsNotReadyWhilePacketsDoNotLeave() throws Exception {
        programs.onLeaving(() -> LONG_NS);
        new CapturedConnection(
                        (timeNs, packet) -> programs.clientsDevice().capture(ByteBuffer.wrap(packet)),
                        "client",
                        0x0A010001,
                        20_000,
                        0x0A000001,
                        80,
                        1000)
                .open(0);
        world.settle();

        assertThat(observation(tcpcopy).notReady()).contains("packets for targets do not leave this host");
        programs.onLeaving(() -> 0);
        world.pass(LONG_NS);
        assertThat(observation(tcpcopy).notReady()).isEmpty();
    }

    @Test
    void interceptIsReadyUntilItsDeviceIsGone() {
        assertThat(observation(intercept).notReady()).isEmpty();

        programs.targetsDevice().remove();
        world.pass(LONG_NS);

        assertThat(observation(intercept).notReady()).contains("nothing is captured on targets: the device is gone");
    }

    @Test
    void tcpcopyIsNotReadyWithoutItsDevice() {
        programs.clientsDevice().remove();
        world.pass(LONG_NS);

        assertThat(observation(tcpcopy).notReady()).contains("nothing is captured on clients: the device is gone");
    }
}
