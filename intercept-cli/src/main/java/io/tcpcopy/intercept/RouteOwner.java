package io.tcpcopy.intercept;

import java.nio.ByteBuffer;

/** Where the responses of some routes go. */
abstract class RouteOwner {
    /** Head of the list of routes that point here; the route table keeps it. */
    Route firstRoute;

    /**
     * Takes a copy of a response record.
     *
     * @param buffer in network byte order
     * @param offset where the record begins
     */
    abstract void append(ByteBuffer buffer, int offset);

    /** Ends the connection. */
    abstract void close(String reason);
}
