package io.tcpcopy.inject;

import io.tcpcopy.packet.OutgoingPacket;

/** A socket through which packets leave: what differs between the ways out of this host. It knows no target by itself. */
public interface Outlet extends AutoCloseable {
    /** The descriptor, writable when the kernel has room. */
    int fd();

    /** Length in bytes of the socket addresses that messages go to. */
    int addressLength();

    /**
     * Writes a packet as one or several messages.
     *
     * @param target its number; the {@link TargetGate} lets packets for it leave
     * @param mtu of the path to it, in bytes
     * @return false when the batch has no room for all of it, and has none of it then
     */
    boolean write(OutgoingPacket packet, int target, int mtu, MessageBatch batch);

    /**
     * Hands messages of a batch to the kernel.
     *
     * @return how many it took, at least one; or the errno of the first one with a minus sign
     */
    int send(MessageBatch batch, int index, int number);

    @Override
    void close();
}
