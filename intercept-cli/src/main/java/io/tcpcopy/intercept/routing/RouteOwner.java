package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Address;
import java.nio.ByteBuffer;

/** Where the responses of some routes go. */
public abstract class RouteOwner {
    /** Head of the list of routes that point here; the route table keeps it. */
    Route firstRoute;
    /** Whether it has ended; the route table says so. */
    boolean left;

    /**
     * Takes a copy of a response record.
     *
     * @param buffer in network byte order
     * @param offset where the record begins
     */
    public abstract void append(ByteBuffer buffer, int offset);

    /** From where the tcpcopy is connected. */
    public abstract Address address();

    /** Ends the connection. */
    public abstract void close(String reason);
}
