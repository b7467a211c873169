package io.tcpcopy.inject.raw;

import io.tcpcopy.inject.InjectCounter;
import java.nio.ByteBuffer;

/**
 * Says for which targets packets may leave, and hears of those that do. A packet that this host's kernel would answer to its
 * source, a real client, must not reach the kernel.
 */
public interface TargetGate extends AutoCloseable {
    /** Takes in what has become known since the last time; called before packets are handed to the kernel. */
    void refresh();

    /**
     * The number of a target, for the other methods.
     *
     * @param address IPv4 address
     * @return negative for one that is not known
     */
    int target(int address, int port);

    /** What becomes of a packet that is to leave now: {@link InjectCounter#SENT} if it may, else why it may not. */
    InjectCounter fate(int target);

    /** Whether packets for all targets may leave now. */
    boolean isOpenForAll();

    /** The smallest MTU of the paths to the targets, in bytes. */
    int mtu();

    /**
     * A packet is about to be handed to the kernel, not for the first time if the kernel had no room.
     *
     * @param packet in network byte order; its identification may be changed
     * @param offset of its IPv4 header
     */
    default void leaving(int target, ByteBuffer packet, int offset) {}

    /** What was to leave has been handed to the kernel. */
    default void left() {}

    /** The kernel has refused a packet. */
    default void refused(int target, int errno) {}

    /** By default there is nothing to close. */
    @Override
    default void close() {}
}
