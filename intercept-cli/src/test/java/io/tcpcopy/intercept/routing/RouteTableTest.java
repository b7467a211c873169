package io.tcpcopy.intercept.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.TcpHeader;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RouteTableTest {
    private static final long START_NS = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(15);
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1200);

    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final RouteTable table = new RouteTable(16, UNUSED_NS, 3, counters);
    private final RecordedOwner owner = new RecordedOwner();
    private final RecordedOwner other = new RecordedOwner();
    /** The clock runs over during each test of a time limit. */
    private long nowNs = START_NS;

    @Test
    void aRouteIsFoundByItsWholeFlow() {
        Route route = add(1, owner);
        assertThat(find(1)).isSameAs(route);
        assertThat(route.owner).isSameAs(owner);
        int client = TestPacket.CLIENT;
        int target = TestPacket.TARGET;
        int targetPort = TestPacket.TARGET_PORT;
        assertThat(table.find(new Flow().client(client, 2).server(target, targetPort)))
                .isNull();
        assertThat(table.find(new Flow().client(client + 1, 1).server(target, targetPort)))
                .isNull();
        assertThat(table.find(new Flow().client(client, 1).server(target, targetPort + 1)))
                .isNull();
        assertThat(table.find(new Flow().client(client, 1).server(target + 1, targetPort)))
                .isNull();
    }

    @Test
    void aRouteKeepsACopyOfItsFlow() {
        Flow flow = TestPacket.flow(1);
        Route route = table.add(flow, owner, nowNs);
        flow.clientPort(2);
        assertThat(find(1)).isSameAs(route);
        assertThat(find(2)).isNull();
    }

    @Test
    void anUnusedRouteIsKeptUntilItsTimeIsOver() {
        add(1, owner);
        passNs(UNUSED_NS - 1);
        assertThat(find(1)).isNotNull();
        passNs(1);
        assertThat(find(1)).isNull();
        assertThat(table.size()).isZero();
        assertThat(owner.firstRoute).isNull();
        assertThat(counters.get(InterceptCounter.ROUTES_EXPIRED)).isOne();
    }

    @Test
    void useRenewsARoute() {
        Route route = add(1, owner);
        passNs(UNUSED_NS - 1);
        table.used(route, TcpHeader.ACK, nowNs);
        passNs(UNUSED_NS - 1);
        assertThat(find(1)).isNotNull();
        passNs(1);
        assertThat(find(1)).isNull();
    }

    @Test
    void aRouteEndsThirtySecondsAfterTheTargetsFin() {
        table.used(add(1, owner), TcpHeader.FIN, nowNs);
        passNs(TimeUnit.SECONDS.toNanos(30) - 1);
        assertThat(find(1)).isNotNull();
        passNs(1);
        assertThat(find(1)).isNull();
    }

    @Test
    void activityRenewsAClosingRoute() {
        Route route = add(1, owner);
        table.used(route, TcpHeader.FIN, nowNs);
        passNs(TimeUnit.SECONDS.toNanos(29));
        table.used(route, TcpHeader.ACK, nowNs);
        passNs(TimeUnit.SECONDS.toNanos(29));
        assertThat(find(1)).isNotNull();
        passNs(TimeUnit.SECONDS.toNanos(1));
        assertThat(find(1)).isNull();
    }

    @Test
    void aSynOfTheTargetBeginsAnotherConnectionOnAClosingRoute() {
        Route route = add(1, owner);
        table.used(route, TcpHeader.RST, nowNs);
        table.used(route, TcpHeader.SYN | TcpHeader.ACK, nowNs);
        passNs(UNUSED_NS - 1);
        assertThat(find(1)).isNotNull();
    }

    @Test
    void aDeletedRouteEndsAfterTenSecondsWhateverComes() {
        Route route = add(1, owner);
        delete(1, owner);
        passNs(TimeUnit.SECONDS.toNanos(9));
        table.used(route, TcpHeader.FIN, nowNs);
        delete(1, owner);
        assertThat(find(1)).isNotNull();
        passNs(TimeUnit.SECONDS.toNanos(1));
        assertThat(find(1)).isNull();
        assertThat(counters.get(InterceptCounter.ROUTES_DELETED)).isOne();
        assertThat(counters.get(InterceptCounter.ROUTES_EXPIRED))
                .as("it is counted once")
                .isZero();
    }

    @Test
    void onlyItsOwnerCanDeleteARoute() {
        add(1, owner);
        add(1, other);
        delete(1, owner);
        passNs(TimeUnit.SECONDS.toNanos(11));
        assertThat(find(1).owner).isSameAs(other);
        assertThat(counters.get(InterceptCounter.ROUTES_DELETED)).isZero();
    }

    @Test
    void deletingWhatIsNotThereDoesNothing() {
        delete(1, owner);
        assertThat(table.size()).isZero();
    }

    @Test
    void aNewRouteReplacesTheOldOneAndLivesInFull() {
        table.used(add(1, owner), TcpHeader.FIN, nowNs);
        add(1, other);
        assertThat(table.size()).isOne();
        assertThat(find(1).owner).isSameAs(other);
        passNs(UNUSED_NS - 1);
        assertThat(find(1)).isNotNull();
    }

    @Test
    void anOwnerThatEndsTakesTheRoutesThatStillPointToIt() {
        add(1, owner);
        add(2, owner);
        add(3, owner);
        add(2, other);
        table.left(owner);
        assertThat(find(1)).isNull();
        assertThat(find(2).owner).isSameAs(other);
        assertThat(find(3)).isNull();
        assertThat(table.size()).isOne();
        assertThat(counters.get(InterceptCounter.ROUTES_EXPIRED)).isZero();
    }

    @Test
    void aRouteOfAnOwnerThatHasLeftCanBeGivenToAnother() {
        RouteTable large = new RouteTable(16, UNUSED_NS, 10_000, counters);
        for (int port = 0; port < 10_000; port++) {
            large.add(TestPacket.flow(port), owner, nowNs);
        }
        large.left(owner);
        large.add(TestPacket.flow(0), other, nowNs);
        while (large.expire(nowNs)) {
            // The rest goes.
        }
        assertThat(large.size()).isOne();
        assertThat(large.find(TestPacket.flow(0)).owner).isSameAs(other);
    }

    @Test
    void manyRoutesOfAnOwnerThatLeavesGoInSeveralSteps() {
        RouteTable large = new RouteTable(16, UNUSED_NS, 10_000, counters);
        for (int port = 0; port < 10_000; port++) {
            large.add(TestPacket.flow(port), owner, nowNs);
        }
        large.left(owner);
        assertThat(large.size()).isBetween(1, 9_999);
        assertThat(large.find(TestPacket.flow(9_999))).isNull();
        assertThat(large.find(TestPacket.flow(0))).isNull();
        int steps = 1;
        while (large.expire(nowNs)) {
            steps++;
        }
        assertThat(steps).isBetween(2, 10);
        assertThat(large.size()).isZero();
    }

    @Test
    void whenFullTheLeastRecentlyUsedRouteGoes() {
        Route first = add(1, owner);
        passNs(1);
        Route second = add(2, owner);
        passNs(1);
        add(3, owner);
        passNs(1);
        table.used(first, TcpHeader.ACK, nowNs);
        table.used(second, TcpHeader.FIN, nowNs);
        add(4, owner);
        assertThat(find(3)).isNull();
        assertThat(table.size()).isEqualTo(3);
        assertThat(counters.get(InterceptCounter.ROUTES_EVICTED)).isOne();
    }

    @Test
    void aClosingRouteThatIsLeastRecentlyUsedGoesToo() {
        table.used(add(1, owner), TcpHeader.FIN, nowNs);
        passNs(1);
        add(2, owner);
        add(3, owner);
        add(4, owner);
        assertThat(find(1)).isNull();
    }

    @Test
    void manyRoutesExpireInSeveralSteps() {
        RouteTable large = new RouteTable(16, UNUSED_NS, 10_000, counters);
        for (int port = 0; port < 10_000; port++) {
            large.add(TestPacket.flow(port), owner, nowNs);
        }
        int steps = 1;
        while (large.expire(nowNs + UNUSED_NS)) {
            steps++;
        }
        assertThat(steps).isBetween(2, 10);
        assertThat(large.size()).isZero();
    }

    private Route add(int clientPort, RouteOwner routeOwner) {
        return table.add(TestPacket.flow(clientPort), routeOwner, nowNs);
    }

    private void delete(int clientPort, RouteOwner routeOwner) {
        table.delete(TestPacket.flow(clientPort), routeOwner, nowNs);
    }

    private Route find(int clientPort) {
        return table.find(TestPacket.flow(clientPort));
    }

    private void passNs(long ns) {
        nowNs += ns;
        table.expire(nowNs);
    }
}
