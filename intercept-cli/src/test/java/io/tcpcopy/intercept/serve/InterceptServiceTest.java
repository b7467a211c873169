package io.tcpcopy.intercept.serve;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.capture.pcap.PcapSettings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.routing.TestPacket;
import io.tcpcopy.net.PrivateNetwork;
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
import org.pcap4j.core.PcapHandle;
import org.slf4j.LoggerFactory;

/** The whole of intercept on the loopback device of a network namespace of the test's own. */
class InterceptServiceTest {
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final int ETHERNET_LENGTH = 14;
    private static final int TYPE_OFFSET = 12;
    private static final byte TYPE_IPV4 = 8;
    private static final long PATIENCE_MS = TimeUnit.SECONDS.toMillis(10);

    private static InterceptSettings settings(TunnelMode mode, int captureLength) {
        return new InterceptSettings(
                List.of(new PcapSettings(PcapSettings.ANY, "tcp and src port 80", true, captureLength, 1 << 20, true)),
                Optional.empty(),
                new Endpoint(Address.LOOPBACK, 0),
                AllowList.EVERYBODY,
                mode,
                false,
                mode.format().maxRecords(),
                ContainerAddress.NONE,
                1024,
                TimeUnit.SECONDS.toNanos(1200),
                new LifeCycleSettings(false, Optional.empty(), Optional.empty(), List.of()));
    }

    private final Logger log = (Logger) LoggerFactory.getLogger("io.tcpcopy.intercept");
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();

    /** What a test does while intercept runs. */
    private interface Scenario {
        void run(InterceptService service, PcapHandle device) throws Exception;
    }

    @BeforeEach
    void keepLog() {
        lines.start();
        log.addAppender(lines);
    }

    @AfterEach
    void leaveLog() {
        log.detachAppender(lines);
    }

    @Test
    void responsesOnTheWireArriveAsRecordsEachOnce() throws Exception {
        whileRunning((service, device) -> {
            try (TestTcpcopy tcpcopy = TestTcpcopy.withVersion(service.local())) {
                tcpcopy.addRoute(1000);
                send(device, new TestPacket(1000, 1, SYN_ACK, 0));
                assertThat(tcpcopy.receive(1)).containsExactly(1);
                send(device, new TestPacket(1000, 2, TcpHeader.ACK, 1400));
                send(device, new TestPacket(1000, 3, TcpHeader.ACK | TcpHeader.FIN, 0));
                assertThat(tcpcopy.receive(3)).containsExactly(1, 2, 3);
            }
        });
        assertThat(logged())
                .contains("cache hit:3,missed:0,lost:0", "search:3,extra compared:0,all sessions:1")
                .anyMatch(line -> line.matches("total resp packs:3, all:3, route:1, sock write cnt:[23]"));
    }

    @Test
    void aRouteMayComeAfterTheSynAck() throws Exception {
        whileRunning((service, device) -> {
            send(device, new TestPacket(1000, 1, SYN_ACK, 0));
            try (TestTcpcopy tcpcopy = TestTcpcopy.withVersion(service.local())) {
                // Once the answer to a later packet is here, the SYN-ACK has been captured.
                tcpcopy.addRoute(1001);
                send(device, new TestPacket(1001, 2, TcpHeader.RST, 0));
                assertThat(tcpcopy.receive(1)).containsExactly(2);
                tcpcopy.addRoute(1000);
                assertThat(tcpcopy.receive(2)).containsExactly(2, 1);
            }
        });
        assertThat(logged()).anyMatch(line -> line.matches("delayed:[12],sent:[12]"));
    }

    @Test
    void withoutCombiningRecordsBringShortPayloadAlongIfAskedTo() throws Exception {
        TunnelFormat format = TunnelFormat.of(false, true);
        byte[] payload = new byte[TunnelFormat.MAX_PAYLOAD];
        Arrays.fill(payload, (byte) 'x');
        whileRunning(settings(new TunnelMode(format, false, false), 272), (service, device) -> {
            try (TestTcpcopy tcpcopy = TestTcpcopy.withVersion(service.local(), format)) {
                tcpcopy.addRoute(1000);
                send(device, new TestPacket(1000, 1, SYN_ACK, 0));
                assertThat(tcpcopy.receive(1)).containsExactly(1);
                TestPacket packet = new TestPacket(1000, 2, TcpHeader.ACK, payload.length);
                packet.buffer.put(40, payload);
                send(device, packet);
                assertThat(tcpcopy.receive(2)).containsExactly(1, 2);
                assertThat(tcpcopy.last().slice(40, payload.length)).isEqualTo(ByteBuffer.wrap(payload));
            }
        });
    }

    private void whileRunning(Scenario scenario) throws Exception {
        whileRunning(settings(TunnelMode.DEFAULT, 144), scenario);
    }

    private void whileRunning(InterceptSettings settings, Scenario scenario) throws Exception {
        PrivateNetwork.run(() -> {
            PrivateNetwork.ip("link set lo up");
            try (InterceptService service = new InterceptService(settings);
                    PcapHandle device = new PcapHandle.Builder("lo").build()) {
                Thread thread = new Thread(() -> service.run(() -> {}), "intercept");
                thread.start();
                try {
                    scenario.run(service, device);
                } finally {
                    service.stop();
                    thread.join(PATIENCE_MS);
                }
                assertThat(thread.isAlive()).isFalse();
            }
        });
    }

    private static void send(PcapHandle device, TestPacket packet) throws Exception {
        byte[] frame = new byte[ETHERNET_LENGTH + packet.buffer.limit()];
        frame[TYPE_OFFSET] = TYPE_IPV4;
        packet.buffer.get(0, frame, ETHERNET_LENGTH, packet.buffer.limit());
        device.sendPacket(frame);
    }

    private List<String> logged() {
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }
}
