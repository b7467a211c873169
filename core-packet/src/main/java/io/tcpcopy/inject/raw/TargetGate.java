package io.tcpcopy.inject.raw;

/**
 * Says for which targets packets may leave. A packet for a target whose next hop does not answer must not reach the
 * kernel, which would report to the packet's source, a real client, that the host is unreachable.
 */
public interface TargetGate extends AutoCloseable {
    /** Reads what the kernel has reported since the last time; called before packets are handed to it. */
    void refresh();

    /**
     * Whether a packet may leave now.
     *
     * @param target IPv4 address
     */
    boolean isOpen(int target);

    /** Whether packets for all targets may leave now. */
    boolean isOpenForAll();

    /** The smallest MTU of the paths to the targets, in bytes. */
    int mtu();

    /** By default there is nothing to close. */
    @Override
    default void close() {}
}
