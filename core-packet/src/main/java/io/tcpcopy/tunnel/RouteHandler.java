package io.tcpcopy.tunnel;

/** Takes what a {@link RouteReader} finds in the bytes from a tcpcopy. */
public interface RouteHandler {
    /**
     * The tcpcopy announced its version, before anything else. Another one than {@link RouteMessage#VERSION} is worth a
     * warning, and no reason to stop.
     */
    void version(int version);

    /** Responses of the target to the client come back on this connection from now on. */
    void addRoute(int clientAddress, int clientPort, int targetAddress, int targetPort);

    /** The tcpcopy has removed the session. */
    void deleteRoute(int clientAddress, int clientPort, int targetAddress, int targetPort);

    /** A message of a type that this version does not know: worth a warning, otherwise without effect. */
    void unknownType(int type);
}
