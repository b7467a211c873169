package io.tcpcopy.session;

/** Tells the intercepts which responses are wanted. */
public interface Routes {
    /**
     * Asks every connected intercept to return a target's responses to a client.
     *
     * @param turn the session's number in turn; it chooses among parallel connections to one intercept
     * @param clientAddress IPv4 address that the target sees
     * @param clientPort port that the target sees
     * @param targetAddress IPv4 address of the target
     * @param targetPort port of the target
     * @return whether at least one intercept is told
     */
    boolean add(int turn, int clientAddress, int clientPort, int targetAddress, int targetPort);

    /** Tells the intercepts that a route is not needed any more; parameters as for {@link #add}. */
    void remove(int turn, int clientAddress, int clientPort, int targetAddress, int targetPort);

    /** Takes routes one by one. */
    @FunctionalInterface
    interface Visitor {
        /** A route; parameters as for {@link Routes#add}. */
        void route(int turn, int clientAddress, int clientPort, int targetAddress, int targetPort);
    }
}
