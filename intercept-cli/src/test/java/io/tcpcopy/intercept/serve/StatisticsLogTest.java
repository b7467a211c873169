package io.tcpcopy.intercept.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.InterceptMetric;
import io.tcpcopy.intercept.report.Silence;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.memory.MemoryMetric;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.tunnel.TunnelFormat;
import java.util.List;
import org.assertj.core.api.Condition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** Everything runs on the test's own thread, turn by turn. */
class StatisticsLogTest {
    private static final Endpoint SERVER = Endpoint.ipv4(0x0A000001, 36524);

    private final Logger log = (Logger) LoggerFactory.getLogger(StatisticsLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final LoopWorld world = new LoopWorld();
    private final Metrics metrics = new Metrics("intercept");
    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private EventLoop loop;
    private TunnelServer server;
    private StatisticsLog statistics;

    @BeforeEach
    void start() throws Exception {
        lines.start();
        log.addAppender(lines);
        MemoryNetwork.Host assistant = world.host(SERVER.address());
        loop = world.loop(assistant);
        Routing routing = Routing.single(false, counters, loop::nowNs);
        server = new TunnelServer(
                loop, assistant, SERVER, routing, AllowList.EVERYBODY, TunnelFormat.COMBINED, 16, counters);
        metrics.add(InterceptCounter.class, counters);
        server.addTo(metrics);
        loop.addTo(metrics);
        CaptureMetric.add(List.of(), metrics);
        metrics.add(MemoryMetric.RESIDENT, () -> 60L << 20).add(MemoryMetric.HEAP, () -> 24L << 20);
        metrics.add(InterceptMetric.ROUTES, routing::routes).add(InterceptMetric.DELAYED, routing::delayed);
        statistics = new StatisticsLog(metrics, server, () -> Silence.UNEXPLAINED);
    }

    @AfterEach
    void stop() {
        server.close();
        log.detachAppender(lines);
    }

    @Test
    void zerosAreOnlyWrittenWhereALineBeginsOrTheOriginalWritesThem() {
        statistics.write();
        assertThat(logged())
                .containsExactly(
                        "total resp packs:0, all:0, route:0, sock write cnt:0",
                        "cache hit:0,missed:0,lost:0",
                        "search:0,extra compared:0,all sessions:0",
                        "capture kernel drops:0",
                        "routes held:0",
                        "not routed:0",
                        "delayed:0",
                        "batches:0",
                        "tunnel connections:0",
                        "loop turns:0",
                        "memory MB:60,heap:24,code:36");
    }

    @Test
    void whatWasNotTakenOrNotRoutedIsSaidByKind() {
        counters.add(InterceptCounter.NOT_TCP, 1);
        counters.add(InterceptCounter.INVALID, 2);
        counters.add(InterceptCounter.BAD_CHECKSUM, 5);
        counters.add(InterceptCounter.NOT_ROUTED_FIN, 3);
        counters.add(InterceptCounter.NOT_ROUTED_ACK, 4);
        statistics.write();
        assertThat(logged())
                .contains("capture kernel drops:0,not tcp:1,invalid:2,bad checksum:5", "not routed:7,fin:3,ack:4")
                .contains("cache hit:0,missed:0,lost:7");
    }

    @Test
    void faultsOfTheProgramAreSaid() {
        loop.onTurnEnd(() -> {
            throw new IllegalStateException("made by a test");
        });
        loop.turn();
        statistics.write();
        assertThat(logged()).contains("faults:1");
    }

    @Test
    void onlyTheOldestConnectionsHaveALineOfTheirOwn() {
        for (int i = 0; i < 40; i++) {
            TestTcpcopy.withVersion(world, server.local());
        }
        statistics.write();
        assertThat(logged())
                .contains("tunnel connections:40,accepted:40", "8 later connections: records:0,queued bytes:0")
                .haveExactly(32, containing("tcpcopy 10.0.0.9:"));
    }

    private static Condition<String> containing(String part) {
        return new Condition<>(line -> line.contains(part), "containing %s", part);
    }

    private List<String> logged() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
