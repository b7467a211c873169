package io.tcpcopy.loop;

import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.StartException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteOrder;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.TimeUnit;
import jnr.enxio.channels.NativeSelectorProvider;

/** Waits with poll(2), through a selector of jnr-enxio, which takes any descriptor. */
final class KernelPoller implements Poller {
    private static final long NS_PER_S = TimeUnit.SECONDS.toNanos(1);

    private final Selector selector;
    /** A {@code struct timespec}: seconds and nanoseconds of 64 bits each. */
    private final NativeMemory restTime = NativeMemory.allocate(2 * Long.BYTES, ByteOrder.nativeOrder());

    /**
     * A poller that watches nothing yet.
     *
     * @throws StartException when the kernel grants no descriptors for it
     */
    KernelPoller() throws StartException {
        try {
            selector = NativeSelectorProvider.getInstance().openSelector();
        } catch (IOException e) {
            throw new StartException("cannot make the event loop: " + e.getMessage());
        }
    }

    @Override
    public Watch watch(int fd, int ops, Registration registration) {
        try {
            DescriptorChannel channel = new DescriptorChannel(fd);
            channel.configureBlocking(false);
            return new KeyWatch(channel.register(selector, ops, registration));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void poll(long timeoutMs, ReadyListener listener) {
        select(timeoutMs);
        for (SelectionKey key : selector.selectedKeys()) {
            listener.ready((Registration) key.attachment(), key.readyOps());
        }
        selector.selectedKeys().clear();
    }

    /** {@link java.util.concurrent.locks.LockSupport#parkNanos} takes two system calls for it. */
    @Override
    public boolean rest(long durationNs) {
        restTime.buffer().putLong(0, durationNs / NS_PER_S).putLong(Long.BYTES, durationNs % NS_PER_S);
        Libc.sleep(restTime.address(0, restTime.size()));
        return true;
    }

    private void select(long timeoutMs) {
        try {
            int found;
            if (timeoutMs == NO_WAIT_MS) {
                found = selector.selectNow();
            } else if (timeoutMs == WAIT_WITHOUT_LIMIT_MS) {
                found = selector.select();
            } else {
                found = selector.select(timeoutMs);
            }
            if (found < 0) {
                // Out of memory, or more descriptors than allowed: the loop would go on without waiting or reading.
                throw new IllegalStateException("poll(2) failed");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void wakeUp() {
        // The selector's wake-up writes to a pipe: once that is closed its descriptor may be another's.
        if (selector.isOpen()) {
            selector.wakeup();
        }
    }

    @Override
    public synchronized void close() {
        try {
            selector.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private final class KeyWatch implements Watch {
        private final SelectionKey key;

        KeyWatch(SelectionKey key) {
            this.key = key;
        }

        @Override
        public void interest(int ops) {
            key.interestOps(ops);
        }

        @Override
        public void end() {
            key.cancel();
            // Only a selection makes the selector forget the descriptor. What else it finds is found again in the next
            // turn.
            select(NO_WAIT_MS);
            selector.selectedKeys().clear();
        }
    }
}
