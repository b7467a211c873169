package io.tcpcopy.loop.connection;

import java.nio.ByteBuffer;

/** What a {@link Connection} calls its owner for. Any call may write to the connection or close it. */
public interface ConnectionHandler {
    /** The other endpoint has accepted; never called for a connection that was accepted here. */
    void connected();

    /**
     * Bytes have come; they may begin and end within a message. They can be read during the call alone.
     *
     * @param piece what remains in it, at least one byte; in network byte order
     */
    void received(ByteBuffer piece);

    /**
     * A message that was queued will not arrive: the queue was full, or the connection has ended.
     *
     * @param length of the message in bytes
     */
    void dropped(int length);

    /**
     * The connection has ended, or could not be made. The last call.
     *
     * @param errno why, as far as the kernel says; 0 where one of the ends has closed it
     * @param reason for the log, without a full stop
     */
    void closed(int errno, String reason);
}
