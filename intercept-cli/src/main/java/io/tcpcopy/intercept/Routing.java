package io.tcpcopy.intercept;

import io.tcpcopy.tunnel.ResponseRecord;

/** Decides which connection of a tcpcopy gets a response. */
interface Routing {
    /** A response was captured; its record is only there during the call. */
    void response(ResponseRecord record);

    /** A tcpcopy has connected and announced its version. */
    void joined(RouteOwner owner);

    /** Responses of a target to a client are to go to an owner. */
    void addRoute(int clientAddress, int clientPort, int targetAddress, int targetPort, RouteOwner owner);

    /** An owner has removed the session; parameters as for {@link #addRoute}. */
    void deleteRoute(int clientAddress, int clientPort, int targetAddress, int targetPort, RouteOwner owner);

    /** An owner has ended: nothing goes there any more. */
    void left(RouteOwner owner);

    /**
     * Forgets what is over.
     *
     * @return whether there may be more, so that this is to be called again soon
     */
    boolean expire();

    /** How many routes there are. */
    int routes();

    /** How many records wait for their route. */
    int delayed();
}
