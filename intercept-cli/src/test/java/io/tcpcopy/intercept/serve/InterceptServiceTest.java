package io.tcpcopy.intercept.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.capture.MemorySource;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.InterceptMetric;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.routing.TestPacket;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.loop.SymptomTimer;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.TunnelFormat;
import io.tcpcopy.tunnel.TunnelMode;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The whole of intercept, turned by hand: responses are captured in memory, and tcpcopys are on a network in memory. */
class InterceptServiceTest {
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final Endpoint SERVER = Endpoint.ipv4(0x0A000001, 36524);
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1200);
    private static final long EXPIRY_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long STATISTICS_NS = TimeUnit.SECONDS.toNanos(30);

    private static InterceptSettings settings(TunnelMode mode) {
        return new InterceptSettings(
                List.of(),
                Optional.empty(),
                SERVER,
                AllowList.EVERYBODY,
                mode,
                false,
                mode.format().maxRecords(),
                ContainerAddress.NONE,
                1024,
                UNUSED_NS,
                Optional.empty(),
                Optional.empty(),
                new LifeCycleSettings(false, Optional.empty(), Optional.empty(), List.of()));
    }

    private final Logger log = (Logger) LoggerFactory.getLogger("io.tcpcopy");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    private final LoopWorld world = new LoopWorld();
    private final MemoryNetwork.Host assistant = world.host(SERVER.address());
    private final MemorySource device = new MemorySource(assistant, "device", world::nowNs);
    private final MemorySource unfiltered = new MemorySource(assistant, "device", world::nowNs);
    private int looks;
    private InterceptService service;

    @BeforeEach
    void keepLog() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leaveLog() {
        log.detachAppender(lines);
    }

    private void start(TunnelMode mode) throws Exception {
        service = new InterceptService(settings(mode), world.loop(assistant), assistant, new Devices());
        service.start(() -> {});
    }

    private final class Devices implements InterceptService.SourceOpener {
        @Override
        public List<PacketSource> open() {
            return List.of(device);
        }

        @Override
        public List<PacketSource> openUnfiltered() {
            looks++;
            return List.of(unfiltered);
        }
    }

    private void capture(TestPacket packet) {
        device.capture(packet.buffer);
        world.settle();
    }

    @Test
    void whatIsCapturedArrivesAsRecordsEachOnce() throws Exception {
        start(TunnelMode.DEFAULT);
        TestTcpcopy tcpcopy = TestTcpcopy.withVersion(world, SERVER);
        tcpcopy.addRoute(1000);
        capture(new TestPacket(1000, 1, SYN_ACK, 0));
        assertThat(tcpcopy.received()).containsExactly(1);
        capture(new TestPacket(1000, 2, TcpHeader.ACK, 1400));
        capture(new TestPacket(1000, 3, TcpHeader.ACK | TcpHeader.FIN, 0));
        assertThat(tcpcopy.received()).containsExactly(1, 2, 3);

        service.finish();
        assertThat(logged())
                .startsWith("intercept started: tcpcopy is expected on 10.0.0.1:36524, tunnel mode default,"
                        + " capturing on device")
                .contains(
                        "total resp packs:3, all:3, route:1, sock write cnt:3",
                        "cache hit:3,missed:0,lost:0",
                        "search:3,extra compared:0,all sessions:1")
                .endsWith("intercept stopped");
    }

    /** A tcpcopy asks again and again for a response that is not captured, for so long. */
    private void askInVain(TestTcpcopy tcpcopy, int seconds, Runnable eachSecond) {
        for (int i = 0; i < seconds; i++) {
            tcpcopy.addRoute(1000);
            eachSecond.run();
            world.pass(TimeUnit.SECONDS.toNanos(1));
        }
    }

    private List<String> symptoms() {
        return lines.list.stream()
                .filter(line -> line.getLoggerName().equals(SymptomTimer.class.getName()))
                .map(ILoggingEvent::getFormattedMessage)
                .map(line -> line.substring(0, line.indexOf(':')))
                .toList();
    }

    @Test
    void responsesThatTheFilterLeavesOutAreFound() throws Exception {
        start(TunnelMode.DEFAULT);
        askInVain(
                TestTcpcopy.withVersion(world, SERVER),
                14,
                () -> unfiltered.capture(new TestPacket(1000, 1, SYN_ACK, 0).buffer));

        assertThat(symptoms()).containsExactly("TC405");
        assertThat(looks).isOne();
        assertThat(service.metrics().get(InterceptCounter.TCP)).isZero();
    }

    @Test
    void otherTrafficThatTheFilterLeavesOutIsNone() throws Exception {
        start(TunnelMode.DEFAULT);
        askInVain(
                TestTcpcopy.withVersion(world, SERVER),
                14,
                () -> unfiltered.capture(new TestPacket(1001, 1, SYN_ACK, 0).buffer));

        assertThat(symptoms()).containsExactly("TC409");
        assertThat(looks).isOne();
    }

    @Test
    void aShortSilenceIsNotLookedInto() throws Exception {
        start(TunnelMode.DEFAULT);
        TestTcpcopy tcpcopy = TestTcpcopy.withVersion(world, SERVER);
        for (int i = 0; i < 10; i++) {
            askInVain(tcpcopy, 4, () -> {});
            capture(new TestPacket(1000, 1, SYN_ACK, 0));
            world.pass(TimeUnit.SECONDS.toNanos(16));
        }

        assertThat(symptoms()).isEmpty();
        assertThat(looks).isZero();
    }

    @Test
    void aRouteMayComeAfterTheSynAck() throws Exception {
        start(TunnelMode.DEFAULT);
        capture(new TestPacket(1000, 1, SYN_ACK, 0));
        TestTcpcopy tcpcopy = TestTcpcopy.withVersion(world, SERVER);
        assertThat(tcpcopy.received()).isEmpty();
        tcpcopy.addRoute(1000);
        assertThat(tcpcopy.received()).containsExactly(1);
        assertThat(service.metrics().get(InterceptCounter.DELAYED_SENT)).isOne();
    }

    @Test
    void withoutCombiningRecordsBringShortPayloadAlongIfAskedTo() throws Exception {
        TunnelFormat format = TunnelFormat.of(false, true);
        byte[] payload = new byte[TunnelFormat.MAX_PAYLOAD];
        Arrays.fill(payload, (byte) 'x');
        start(new TunnelMode(format, false, false));
        TestTcpcopy tcpcopy = TestTcpcopy.withVersion(world, SERVER, format);
        tcpcopy.addRoute(1000);
        TestPacket packet = new TestPacket(1000, 2, TcpHeader.ACK, payload.length);
        packet.buffer.put(40, payload);
        capture(packet);
        assertThat(tcpcopy.received()).containsExactly(2);
        assertThat(tcpcopy.last().slice(40, payload.length)).isEqualTo(ByteBuffer.wrap(payload));
    }

    @Test
    void statisticsAreWrittenEvery30SecondsAndWhenAskedFor() throws Exception {
        start(TunnelMode.DEFAULT);
        device.drop(7);
        world.pass(STATISTICS_NS - 1);
        assertThat(logged()).noneMatch(line -> line.startsWith("total resp packs"));
        world.pass(1);
        assertThat(logged()).contains("capture kernel drops:7");
        service.writeStatisticsNow();
        world.settle();
        assertThat(logged())
                .filteredOn(line -> line.startsWith("capture kernel drops"))
                .hasSize(2);
    }

    @Test
    void aRouteThatNobodyUsesExpires() throws Exception {
        start(TunnelMode.DEFAULT);
        TestTcpcopy.withVersion(world, SERVER).addRoute(1000);
        assertThat(service.metrics().get(InterceptMetric.ROUTES)).isOne();
        world.pass(UNUSED_NS + EXPIRY_NS);
        assertThat(service.metrics().get(InterceptMetric.ROUTES)).isZero();
        assertThat(service.metrics().get(InterceptCounter.ROUTES_EXPIRED)).isOne();
    }

    private List<String> logged() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
