package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.returnpath.EveryRoute;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InjectionTest {
    private static final int WANTED_MTU = 9000;
    private static final int HEADERS = 40;

    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.LOOPBACK));
    private final List<String> left = new ArrayList<>();
    private long fullForNs;
    private final Injection injection = new Injection(
            loop, new MemorySink(loop, packet -> left.add("packet"), () -> fullForNs), new NotedPath(), WANTED_MTU);

    /** Notes each flush. */
    private final class NotedPath implements ReturnPath {
        @Override
        public Routes routes() {
            return new EveryRoute();
        }

        @Override
        public void start(Listener listener) {
            listener.reachable();
        }

        @Override
        public boolean isUp() {
            return true;
        }

        @Override
        public boolean isIndispensable() {
            return true;
        }

        @Override
        public void flush() {
            left.add("routes");
        }

        @Override
        public String description() {
            return "";
        }

        @Override
        public void addTo(Metrics metrics) {}

        @Override
        public void close() {}
    }

    private void send(int packets) {
        OutgoingPacket ack = new OutgoingPacket().headers(ByteBuffer.allocate(HEADERS), 0, HEADERS);
        new Ipv4Header().wrap(ack.headers(), 0).protocol(Ipv4Header.PROTOCOL_TCP);
        for (int i = 0; i < packets; i++) {
            injection.send(ack);
        }
    }

    @Test
    void routesLeaveBeforeThePacketsOfTheTurn() {
        send(2);
        assertThat(left).isEmpty();

        injection.endTurn();

        assertThat(left).containsExactly("routes", "packet", "packet");
    }

    @Test
    void routesLeaveBeforeABatchThatFillsInTheMiddleOfATurn() {
        send(9);

        assertThat(left).hasSize(9).first().isEqualTo("routes");
        assertThat(left.subList(1, 9)).containsOnly("packet");
    }

    @Test
    void routesLeaveBeforeTheLastPackets() {
        send(1);
        injection.finish();

        assertThat(left).containsExactly("routes", "packet");
    }

    @Test
    void roomIsMadeByLettingAFullBatchLeave() {
        send(8);
        assertThat(left).isEmpty();

        assertThat(injection.hasRoom(0, 0)).isTrue();

        assertThat(left).hasSize(9).first().isEqualTo("routes");
    }

    @Test
    void thereIsNoRoomWhileTheKernelHasNone() {
        fullForNs = 1_000_000;
        send(8);

        assertThat(injection.hasRoom(0, 0)).isFalse();
        assertThat(left).containsExactly("routes");
        assertThat(injection.isReadyOrTimedOut()).isFalse();
    }
}
