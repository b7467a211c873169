package io.tcpcopy.loop;

import java.nio.channels.SelectionKey;

/** What a loop waits with: the kernel's poll(2), or what a test puts in its place. */
public interface Poller extends AutoCloseable {
    /** Of {@link #poll}: looks, and does not wait. */
    long NO_WAIT_MS = 0;
    /** Of {@link #poll}: waits until a descriptor is ready or {@link #wakeUp} is called. */
    long WAIT_WITHOUT_LIMIT_MS = -1;

    /** Is told what is ready. */
    @FunctionalInterface
    interface ReadyListener {
        /** A descriptor is ready; {@code readyOps} are bits of {@link SelectionKey}, or 0 when it has become invalid. */
        void ready(Registration registration, int readyOps);
    }

    /** One descriptor that is waited for. */
    interface Watch {
        /** Changes what is waited for: bits of {@link SelectionKey}, at least one. */
        void interest(int ops);

        /** Lets go of the descriptor, at once. */
        void end();
    }

    /**
     * Begins to wait for a descriptor.
     *
     * @param ops bits of {@link SelectionKey}, at least one
     * @param registration handed to the listener
     */
    Watch watch(int fd, int ops, Registration registration);

    /**
     * Waits until a descriptor is ready, {@link #wakeUp} was called, or the time is over.
     *
     * @param timeoutMs at most so many milliseconds, {@link #NO_WAIT_MS} or {@link #WAIT_WITHOUT_LIMIT_MS}
     * @param listener told of each descriptor that is ready
     */
    void poll(long timeoutMs, ReadyListener listener);

    /**
     * Waits for so many nanoseconds, or a little longer, whatever is ready. By default not at all.
     *
     * @return whether it has waited
     */
    default boolean rest(long durationNs) {
        return false;
    }

    /** Ends a wait that is under way, or the next one. Any thread may call it, at any time. */
    void wakeUp();

    /** Gives its own descriptors back; those that are watched stay open. */
    @Override
    void close();
}
