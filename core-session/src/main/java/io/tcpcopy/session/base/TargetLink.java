package io.tcpcopy.session.base;

import java.nio.ByteBuffer;

/** Where packets for the targets leave. */
@FunctionalInterface
public interface TargetLink {
    /**
     * Takes a packet; its bytes are only there during the call. What becomes of it is the link's business: a packet
     * that cannot leave is as good as lost on its path, and is repeated like one.
     *
     * @param buffer in network byte order
     * @param offset index of the IPv4 header, whose checksum is left to the link
     * @param length of the whole packet in bytes
     */
    void send(ByteBuffer buffer, int offset, int length);
}
