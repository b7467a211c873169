package io.tcpcopy.inject;

import java.nio.ByteBuffer;

/**
 * Says for which targets packets may leave by one way out, and hears of those that do. A packet that this host's kernel would
 * answer to its source, a real client, must not reach the kernel. Targets are known by their numbers in {@link Targets}.
 */
public interface TargetGate {
    /** Takes in what has become known since the last time; called before packets are handed to the kernel. */
    void refresh();

    /** What becomes of a packet that is to leave now: {@link InjectCounter#SENT} if it may, else why it may not. */
    InjectCounter fate(int target);

    /** Whether packets for all targets that use this way out may leave now. */
    boolean isOpenForAll();

    /** The MTU of the path to a target, in bytes. */
    int mtu(int target);

    /** The smallest MTU of the paths to the targets, in bytes. */
    int mtu();

    /**
     * A message is about to be handed to the kernel, not for the first time if the kernel had no room.
     *
     * @param packet in network byte order; its identification may be changed
     * @param offset where the message begins, for raw sockets its IPv4 header
     */
    default void leaving(int target, ByteBuffer packet, int offset) {}

    /** What was to leave has been handed to the kernel. */
    default void left() {}

    /** The kernel has refused a message, or has no room for it yet: it has not left. */
    default void refused(int target, int errno) {}
}
