package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.tcpcopy.returnpath.EveryRoute;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class InjectionTest {
    private static final int WANTED_MTU = 9000;
    private static final int SINK_MTU = 1500;

    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.LOOPBACK));
    private final List<String> left = new ArrayList<>();
    private final Injection injection =
            new Injection(loop, new MemorySink(packet -> left.add("packet")), new NotedPath(), WANTED_MTU);

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
        for (int i = 0; i < packets; i++) {
            injection.send(ByteBuffer.allocate(40), 0, 40);
        }
    }

    @Test
    void routesLeaveBeforeThePacketsOfTheTurn() {
        send(2);
        assertThat(left).isEmpty();

        injection.endTurn(mtu -> {});

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
    void theListenerHearsOfAnotherMtuOnce() {
        List<Integer> heard = new ArrayList<>();
        injection.endTurn(heard::add);
        injection.endTurn(heard::add);

        assertThat(heard).containsExactly(SINK_MTU);
    }
}
