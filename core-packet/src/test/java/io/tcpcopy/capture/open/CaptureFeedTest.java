package io.tcpcopy.capture.open;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopDriver;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.SocketAddress;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class CaptureFeedTest {
    private LoopDriver driver;
    private SilentSource source;
    private CaptureFeed feed;

    @BeforeEach
    void open() throws Exception {
        driver = new LoopDriver();
        source = new SilentSource();
        feed = new CaptureFeed(driver.loop(), source, packet -> {});
    }

    @AfterEach
    void close() {
        feed.close();
        driver.close();
    }

    @Test
    void whatTheCheckOfEachSecondLeavesBehindIsReadAtOnce() {
        source.waiting = 5 * EventLoop.MAX_ITEMS;
        driver.runUntil("the check finds packets", () -> source.waiting < 5 * EventLoop.MAX_ITEMS);
        long foundNs = System.nanoTime();
        driver.runUntil("all are read", () -> source.waiting == 0);

        assertThat(System.nanoTime() - foundNs).isLessThan(900_000_000L);
    }

    @Test
    void sourceWhoseDescriptorBecomesInvalidIsOpenedAgain() {
        assertThat(feed.ready(0)).isFalse();

        driver.runUntil("it is opened again", () -> source.reopened == 1);
        source.waiting = 1;
        driver.runUntil("it is read again", () -> source.waiting == 0);
    }

    /** A source whose descriptor is never ready, with as many packets as the test says. */
    private static final class SilentSource implements PacketSource {
        private final int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        int waiting;
        int reopened;

        SilentSource() {
            assertThat(Libc.bind(fd, SocketAddress.ipv4(new Endpoint(Address.LOOPBACK, 0))))
                    .isZero();
        }

        @Override
        public String name() {
            return "silent";
        }

        @Override
        public int descriptor() {
            return fd;
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
        public void close() {
            Libc.close(fd);
        }
    }
}
