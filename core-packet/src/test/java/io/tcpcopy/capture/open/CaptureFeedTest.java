package io.tcpcopy.capture.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class CaptureFeedTest {
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final LoopWorld world = new LoopWorld();
    private final MemoryNetwork.Host host = world.host(Address.LOOPBACK);
    private final EventLoop loop = world.loop(host);
    private final SilentSource source = new SilentSource();
    private final CaptureFeed feed = new CaptureFeed(loop, source, packet -> {});

    @Test
    void sourceThatSaysNothingIsReadOnceASecond() {
        source.waiting = 1;
        world.pass(SECOND_NS - 1);
        assertThat(source.waiting).isOne();
        world.pass(1);
        assertThat(source.waiting).isZero();
    }

    @Test
    void whatTheCheckOfEachSecondLeavesBehindIsReadAtOnce() {
        source.waiting = 5 * EventLoop.MAX_ITEMS;
        world.pass(SECOND_NS);

        assertThat(source.waiting).isZero();
    }

    @Test
    void sourceWhoseDescriptorBecomesInvalidIsOpenedAgain() {
        assertThat(feed.ready(0)).isFalse();
        world.pass(SECOND_NS / 2);
        assertThat(source.reopened).isOne();

        source.waiting = 1;
        world.pass(SECOND_NS);
        assertThat(source.waiting).isZero();
    }

    /** A source whose descriptor is never ready, with as many packets as the test says. */
    private final class SilentSource implements PacketSource {
        private final int descriptor = host.descriptor(() -> 0);
        int waiting;
        int reopened;

        @Override
        public String name() {
            return "silent";
        }

        @Override
        public int descriptor() {
            return descriptor;
        }

        @Override
        public int poll(PacketHandler handler, int limit) {
            int captured = Math.min(waiting, limit);
            waiting -= captured;
            return captured;
        }

        @Override
        public boolean reopen() {
            reopened++;
            return true;
        }

        @Override
        public long notIpv4() {
            return 0;
        }

        @Override
        public long kernelDrops() {
            return 0;
        }

        @Override
        public void close() {}
    }
}
