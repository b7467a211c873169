package io.tcpcopy.inject;

/**
 * Says which targets packets may leave for. A packet for a target whose next hop does not answer must not reach the kernel: it
 * would tell the packet's source, a real client, that the host is unreachable.
 */
public interface TargetGate extends AutoCloseable {
    /** Takes in what the kernel has told since; called before packets are handed to it. */
    void refresh();

    /**
     * Whether a packet may leave now.
     *
     * @param target IPv4 address
     */
    boolean isOpen(int target);

    /** Whether packets for all targets may leave now. */
    boolean isOpenForAll();

    /** The longest packet, in bytes, that the ways to all targets take. */
    int mtu();

    /** Unless overridden, there is nothing to close. */
    @Override
    default void close() {}
}
