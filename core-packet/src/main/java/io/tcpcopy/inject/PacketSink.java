package io.tcpcopy.inject;

import java.nio.ByteBuffer;

/** Where packets leave. Packets are gathered and leave together at {@link #flush}, or when a batch is full. */
public interface PacketSink extends AutoCloseable {
    /**
     * Takes a copy of a packet. A packet that cannot leave is counted, never thrown.
     *
     * @param buffer in network byte order
     * @param offset index of the IPv4 header
     * @param length of the whole packet in bytes
     */
    void send(ByteBuffer buffer, int offset, int length);

    /** Hands what was gathered to the kernel, without waiting. */
    void flush();

    @Override
    void close();
}
