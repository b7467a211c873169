package io.tcpcopy.intercept.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class ResponseRouterTest {
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1200);

    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final RouteTable routes = new RouteTable(16, UNUSED_NS, Routing.MAX_ROUTES, counters);
    private final DelayTable delays = new DelayTable(8, ResponseRecord.HEADERS_LENGTH, counters);
    private final RecordedOwner owner = new RecordedOwner();
    private long nowNs;
    private final Routing routing = new TableRouting(routes, delays, false, counters, () -> nowNs);
    private final ResponseRouter router = router(routing, ContainerAddress.NONE);

    @Test
    void aResponseGoesToTheOwnerOfItsRoute() {
        RecordedOwner other = new RecordedOwner();
        addRoute(1000, owner);
        addRoute(1001, other);
        capture(new TestPacket(1000, 1, SYN_ACK, 0));
        capture(new TestPacket(1001, 2, SYN_ACK, 0));
        capture(new TestPacket(1000, 3, TcpHeader.ACK, 10));
        assertThat(owner.ids).containsExactly(1, 3);
        assertThat(other.ids).containsExactly(2);
        assertThat(owner.last.payloadLength()).isEqualTo(10);
        assertThat(counters.get(InterceptCounter.ROUTED)).isEqualTo(3);
    }

    @Test
    void aSynWithoutRouteWaitsForIt() {
        capture(new TestPacket(1000, 1, SYN_ACK, 0));
        assertThat(owner.ids).isEmpty();
        addRoute(1000, owner);
        assertThat(owner.ids).containsExactly(1);
        assertThat(counters.get(InterceptCounter.DELAYED_SENT)).isOne();
    }

    @Test
    void aSynThatWaitedTooLongIsNotSent() {
        capture(new TestPacket(1000, 1, SYN_ACK, 0));
        nowNs += TimeUnit.SECONDS.toNanos(3);
        addRoute(1000, owner);
        assertThat(owner.ids).isEmpty();
    }

    @Test
    void aSegmentThatTheKernelHasNotCutIsMeasuredByItsLengthOnTheWire() {
        addRoute(1000, owner);
        TestPacket packet = new TestPacket(1000, 1, TcpHeader.ACK, 0);
        new Ipv4Header().wrap(packet.buffer, 0).totalLength(0);
        int length = packet.buffer.limit();
        router.packet(Captured.part(packet.buffer, length, length + 3000));
        assertThat(owner.last.payloadLength()).isEqualTo(3000);
    }

    @Test
    void otherResponsesWithoutRouteAreCountedByKind() {
        capture(new TestPacket(1000, 1, TcpHeader.ACK, 0));
        capture(new TestPacket(1000, 2, TcpHeader.ACK, 7));
        capture(new TestPacket(1000, 3, TcpHeader.ACK | TcpHeader.FIN, 7));
        addRoute(1000, owner);
        assertThat(owner.ids).isEmpty();
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_ACK)).isOne();
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_PAYLOAD)).isOne();
        assertThat(counters.get(InterceptCounter.NOT_ROUTED_FIN)).isOne();
    }

    @Test
    void aForwardedRstShortensTheLifeOfItsRoute() {
        addRoute(1000, owner);
        capture(new TestPacket(1000, 1, TcpHeader.RST, 0));
        nowNs += TimeUnit.SECONDS.toNanos(30);
        routes.expire(nowNs);
        assertThat(routes.size()).isZero();
    }

    @Test
    void aDelayedRstShortensTheLifeOfItsRouteToo() {
        capture(new TestPacket(1000, 1, TcpHeader.RST, 0));
        addRoute(1000, owner);
        nowNs += TimeUnit.SECONDS.toNanos(30);
        routes.expire(nowNs);
        assertThat(routes.size()).isZero();
    }

    @Test
    void fragmentsAreCountedAndLeftAlone() {
        addRoute(1000, owner);
        TestPacket packet = new TestPacket(1000, 1, TcpHeader.ACK, 100);
        packet.buffer.putShort(6, (short) 0x2000);
        capture(packet);
        packet.buffer.putShort(6, (short) 1);
        capture(packet);
        assertThat(owner.ids).isEmpty();
        assertThat(counters.get(InterceptCounter.FRAGMENTS)).isEqualTo(2);
    }

    @Test
    void aTcpHeaderThatWasNotCapturedInFullIsInvalid() {
        addRoute(1000, owner);
        TestPacket packet = new TestPacket(1000, 1, TcpHeader.ACK, 100);
        packet.tcp.headerLength(60);
        router.packet(Captured.part(packet.buffer, 79, 80));
        assertThat(owner.ids).isEmpty();
        router.packet(Captured.whole(packet.buffer, 80));
        assertThat(owner.ids).containsExactly(1);
        assertThat(counters.get(InterceptCounter.INVALID)).isOne();
    }

    @Test
    void aTotalLengthThatDoesNotCoverTheHeadersIsInvalid() {
        addRoute(1000, owner);
        TestPacket packet = new TestPacket(1000, 1, TcpHeader.ACK, 100);
        packet.ip.totalLength(39);
        capture(packet);
        assertThat(owner.ids).isEmpty();
        assertThat(counters.get(InterceptCounter.INVALID)).isOne();
        assertThat(counters.get(InterceptCounter.TCP)).isOne();
    }

    @Test
    void anImpossibleIpHeaderIsInvalid() {
        TestPacket packet = new TestPacket(1000, 1, TcpHeader.ACK, 100);
        packet.ip.headerLength(16);
        capture(packet);
        assertThat(counters.get(InterceptCounter.INVALID)).isOne();
        assertThat(counters.get(InterceptCounter.TCP)).isZero();
    }

    @Test
    void otherProtocolsAreNotCountedAsTcp() {
        TestPacket packet = new TestPacket(1000, 1, TcpHeader.ACK, 100);
        packet.ip.protocol(Ipv4Header.PROTOCOL_UDP);
        capture(packet);
        assertThat(counters.get(InterceptCounter.NOT_TCP)).isOne();
        assertThat(counters.get(InterceptCounter.TCP)).isZero();
    }

    @Test
    void whatIsSentToTheContainerAddressIsForItsClient() {
        ResponseRouter toContainer = router(
                routing, new ContainerAddress(Address.ipv4(TestPacket.CLIENT + 1), Address.ipv4(TestPacket.CLIENT)));
        addRoute(1000, owner);
        TestPacket packet = new TestPacket(1000, 1, TcpHeader.ACK, 0);
        capture(toContainer, packet);
        packet.ip.destination(TestPacket.CLIENT + 1).id(2);
        capture(toContainer, packet);
        packet.ip.destination(TestPacket.CLIENT + 2).id(3);
        capture(toContainer, packet);
        assertThat(owner.ids).containsExactly(1, 2);
        assertThat(owner.last.ip().destination()).isEqualTo(TestPacket.CLIENT);
    }

    @Test
    void withDnatTheTargetsAddressDoesNotMatterAndItsPortDoes() {
        Routing byPort = new TableRouting(routes, delays, true, counters, () -> nowNs);
        ResponseRouter dnatRouter = router(byPort, ContainerAddress.NONE);
        TestPacket packet = new TestPacket(1000, 1, SYN_ACK, 0);
        packet.ip.source(TestPacket.TARGET + 1);
        capture(dnatRouter, packet);
        byPort.addRoute(TestPacket.flow(1000), owner);
        packet.ip.source(TestPacket.TARGET + 2).id(2);
        packet.tcp.flags(TcpHeader.ACK);
        capture(dnatRouter, packet);
        packet.tcp.sourcePort(TestPacket.TARGET_PORT + 1);
        capture(dnatRouter, packet);
        assertThat(owner.ids).containsExactly(1, 2);
        Flow ofAnotherAddress = TestPacket.flow(1000).server(TestPacket.TARGET + 3, TestPacket.TARGET_PORT);
        byPort.deleteRoute(ofAnotherAddress, owner);
        assertThat(counters.get(InterceptCounter.ROUTES_DELETED)).isOne();
    }

    @Property
    void anyBytesAreSurvived(@ForAll @Size(max = 80) byte[] bytes, @ForAll boolean plausible) {
        if (plausible && bytes.length > 9) {
            bytes[0] = (byte) (0x40 | bytes[0] & 0x0F);
            bytes[9] = Ipv4Header.PROTOCOL_TCP;
        }
        router.packet(Captured.whole(ByteBuffer.wrap(bytes)));
        assertThat(delays.size()).isLessThanOrEqualTo(8);
    }

    private void addRoute(int clientPort, RouteOwner to) {
        routing.addRoute(TestPacket.flow(clientPort), to);
    }

    private ResponseRouter router(Routing to, ContainerAddress container) {
        return new ResponseRouter(to, TunnelFormat.COMBINED, container, counters);
    }

    private void capture(TestPacket packet) {
        capture(router, packet);
    }

    private static void capture(ResponseRouter to, TestPacket packet) {
        to.packet(Captured.whole(packet.buffer));
    }
}
