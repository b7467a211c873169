package io.tcpcopy.tunnel;

import io.tcpcopy.flow.Flow;

/** Takes what a {@link RouteReader} finds in the bytes from a tcpcopy. */
public interface RouteHandler {
    /**
     * The tcpcopy announced its version, before anything else. Another one than {@link RouteMessage#VERSION} is worth a
     * warning, and no reason to stop.
     */
    void version(int version);

    /** Responses of the target to the client come back on this connection from now on; the flow is only there meanwhile. */
    void addRoute(Flow flow);

    /** The tcpcopy has removed the session; the flow is only there meanwhile. */
    void deleteRoute(Flow flow);

    /** A message of a type that this version does not know: worth a warning, otherwise without effect. */
    void unknownType(int type);
}
