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
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.udp.UdpCopy;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

/** The wording of the first line is the original's: people's scripts read it. */
class UdpStatisticsLogTest {
    /** From 10.0.0.9:1000 to 10.0.0.1:53, a fragment where the flags say so. */
    private static final String BEFORE_FLAGS = "4500001e0001";

    private static final String BEHIND_FLAGS = "401100000a0000090a000001" + "03e80035000a00006869";
    private static final byte[] DATAGRAM = HexFormat.of().parseHex(BEFORE_FLAGS + "4000" + BEHIND_FLAGS);
    private static final byte[] FRAGMENT = HexFormat.of().parseHex(BEFORE_FLAGS + "2000" + BEHIND_FLAGS);

    private final Logger log = (Logger) LoggerFactory.getLogger(UdpStatisticsLog.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final UdpCopy copy = new UdpCopy(
            Settings.of(List.of(new Transfer(new Endpoint(Address.ANY, 53), Endpoint.ipv4(0x0A000002, 5353))))
                    .copies(3)
                    .build(),
            packet -> {});
    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.LOOPBACK));
    private final Metrics metrics = new Metrics("tcpcopy");
    private final UdpStatisticsLog statistics = new UdpStatisticsLog(metrics);

    @BeforeEach
    void open() {
        copy.addTo(metrics);
        metrics.add(CaptureMetric.KERNEL_DROPS, () -> 7)
                .add(CaptureMetric.CARD_DROPS, () -> 0)
                .add(CaptureMetric.NOT_IPV4, () -> 0)
                .add(CaptureMetric.IPV6, () -> 0)
                .add(CaptureMetric.RING_BYTES, () -> 32L << 20)
                .add(MemoryMetric.RESIDENT, () -> 80L << 20)
                .add(MemoryMetric.HEAP, () -> 24L << 20);
        new InjectCounters(loop::nowNs).addTo(metrics);
        loop.addTo(metrics);
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void close() {
        log.detachAppender(lines);
    }

    private void capture(byte[] packet) {
        if (copy.admit(Captured.whole(ByteBuffer.wrap(packet)))) {
            copy.takeAdmitted(OutgoingPacket.TIME_UNKNOWN);
        }
    }

    private List<String> written() {
        lines.list.clear();
        statistics.write();
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void theLineOfTheOriginalComesFirstThenCaptureAndInjection() {
        assertThat(written())
                .startsWith("udp packets captured:0,packets sent:0", "capture kernel drops:7", "injected packets:0");

        capture(DATAGRAM);
        capture(FRAGMENT);

        assertThat(written())
                .startsWith(
                        "udp packets captured:1,packets sent:3",
                        "capture kernel drops:7,fragment:1",
                        "injected packets:0");
    }

    @Test
    void whereMostWasLostSinceTheStatisticsBeforeIsSaidAtLast() {
        assertThat(written())
                .last()
                .asString()
                .startsWith("TC601: most is lost at the capture: 100 % of packets dropped by the kernel (7): ");
        capture(FRAGMENT);
        assertThat(written())
                .last()
                .asString()
                .startsWith(
                        "TC605: most is lost at the capture: 100 % of packets that are IP fragments, which are not copied (1):")
                .contains("--capture raw");
        assertThat(written()).noneMatch(line -> line.contains("most is lost"));
    }
}
