package io.tcpcopy.capture;

import io.tcpcopy.net.PacketQueue;
import java.util.List;

/**
 * How to take packets from a queue of netfilter.
 *
 * @param length most packets that may wait, at least {@link PacketQueue#DEFAULT_LENGTH}
 * @param snapshotLength most bytes to read of a packet, its IP header first
 * @param passed IPv4 addresses: packets for them go on their way
 */
public record QueueSettings(int length, int snapshotLength, List<Integer> passed) {}
