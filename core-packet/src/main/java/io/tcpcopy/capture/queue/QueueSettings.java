package io.tcpcopy.capture.queue;

import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.PacketQueue;
import java.util.List;

/**
 * How to take packets from a queue of netfilter.
 *
 * @param length most packets that may wait, at least {@link PacketQueue#DEFAULT_LENGTH}
 * @param snapshotLength most bytes to read of a packet, its IP header first
 * @param letThrough IPv4 addresses: packets for them are let through to their destination
 */
public record QueueSettings(int length, int snapshotLength, List<Integer> letThrough) {
    /**
     * Begins to take packets.
     *
     * @throws StartException when the privilege is missing, or another program has the queue
     */
    public PacketSource open() throws StartException {
        return QueueSource.open(this);
    }
}
