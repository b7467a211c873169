package io.tcpcopy.tcpcopy.report;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.memory.MemoryMetric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.returnpath.EveryRoute;
import io.tcpcopy.tcpcopy.returnpath.TunnelMetric;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The wording is the original's: people's scripts read it. */
class StatisticsLogTest {
    /** From 10.0.0.9:1000 to 10.0.0.1:80. */
    private static final byte[] SYN = HexFormat.of()
            .parseHex("4500002800014000400600000a0000090a000001" + "03e8005000000001000000005002ffff00000000");

    private static final List<String> AFTER_ONE_SYN = List.of(
            "active:1,rel:0,obs del:0,tw:0",
            "conns:0,resp:0,c-resp:0",
            "resp fin:0,resp rst:0",
            "send:1,send content:0",
            "send syn:1, fin:0,reset:0",
            "reconnect:0,for no syn:0",
            "retransmit:0, bytes:0",
            "recv packs after retransmission:0",
            "syn cnt:1,all clt:1,clt cont:0",
            "total cont retransmit:0, frag:0",
            "total captured packets:1");

    private static final String WARNING = "many connections can't be established";
    private static final long START_NS = TimeUnit.SECONDS.toNanos(100);
    private static final long GRACE_NS = TimeUnit.SECONDS.toNanos(3);

    private final Logger log = (Logger) LoggerFactory.getLogger(StatisticsLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final SessionEngine engine = new SessionEngine(
            Settings.of(List.of(new Transfer(new Endpoint(Address.ANY, 80), Endpoint.ipv4(0x0A000002, 8080))))
                    .build(),
            packet -> {},
            new EveryRoute(),
            fault -> {
                throw fault;
            });
    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.LOOPBACK));
    private final Metrics metrics = new Metrics("tcpcopy");
    private final StatisticsLog statistics = new StatisticsLog(metrics);
    private long notIpv4;
    private long ipv6;

    @BeforeEach
    void open() {
        engine.addTo(metrics);
        metrics.add(CaptureMetric.KERNEL_DROPS, () -> 7)
                .add(CaptureMetric.CARD_DROPS, () -> 0)
                .add(CaptureMetric.NOT_IPV4, () -> notIpv4)
                .add(CaptureMetric.IPV6, () -> ipv6)
                .add(CaptureMetric.RING_BYTES, () -> 32L << 20)
                .add(MemoryMetric.RESIDENT, () -> 80L << 20)
                .add(MemoryMetric.HEAP, () -> 24L << 20)
                .add(TunnelMetric.CONNECTIONS, () -> 0)
                .add(TunnelMetric.ROUTES_REFUSED, () -> 0);
        new InjectCounters(loop::nowNs).addTo(metrics);
        loop.addTo(metrics);
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void close() {
        log.detachAppender(lines);
    }

    private void captureSyn() {
        engine.turn(START_NS);
        engine.clientPacket(Captured.whole(ByteBuffer.wrap(SYN)), OutgoingPacket.TIME_UNKNOWN);
        statistics.packetsTaken(START_NS);
    }

    private List<String> written(long nowNs) {
        lines.list.clear();
        statistics.write(nowNs);
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void requestsThatWereCutOffAreSaid() {
        captureSyn();
        assertThat(written(START_NS)).noneMatch(line -> line.contains("cut off"));
        engine.ledger().requestCutOff();
        assertThat(written(START_NS)).contains("ledger requests delivered, but cut off:1");
        assertThat(Account.ofRequests(metrics)).isEqualTo(new Account(0, -1, 1));
    }

    @Test
    void beforeTheFirstPacketOnlyCaptureAndInjectionAreWritten() {
        assertThat(written(START_NS))
                .startsWith(
                        "capture kernel drops:7",
                        "injected packets:0",
                        "tunnel connections:0,routes refused:0",
                        "loop turns:0",
                        "memory MB:80,heap:24,ring:32,code:24")
                .noneMatch(line -> line.startsWith("active") || line.startsWith("ledger"));
    }

    @Test
    void whereMostWasLostSinceTheStatisticsBeforeIsSaidAtLast() {
        assertThat(written(START_NS))
                .last()
                .asString()
                .startsWith("TC601: most is lost at the capture: 100 % of packets dropped by the kernel (7): ");
        assertThat(written(START_NS)).noneMatch(line -> line.contains("most is lost"));
    }

    @Test
    void theLinesOfTheOriginalComeFirst() {
        captureSyn();

        assertThat(written(START_NS)).startsWith(AFTER_ONE_SYN.toArray(String[]::new));
    }

    @Test
    void missingConnectionsAreWarnedOfMoreThanThreeSecondsAfterTheFirstPacket() {
        captureSyn();

        assertThat(written(START_NS + GRACE_NS)).doesNotContain(WARNING);
        assertThat(written(START_NS + GRACE_NS + 1)).contains(WARNING);
    }

    @Test
    void packetsThatAreNotIpv4AreCounted() {
        notIpv4 = 3;
        ipv6 = 2;

        assertThat(written(START_NS)).contains("capture kernel drops:7,not ipv4:3,of these ipv6:2");
    }

    @Test
    void faultsOfTheLoopAreCounted() {
        loop.onTurnEnd(() -> {
            throw new IllegalStateException("a fault");
        });
        loop.turn();

        assertThat(written(START_NS)).contains("faults:1");
    }

    @Test
    void theLedgerIsWritten() {
        captureSyn();

        assertThat(written(START_NS))
                .contains(
                        "ledger bytes captured:0,delivered:0,waiting:0,dropped:0",
                        "ledger requests captured:0,delivered:0,waiting:0,dropped:0");
    }
}
