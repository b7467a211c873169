package io.tcpcopy.session.base;

import io.tcpcopy.flow.Flow;

/** Tells the intercepts which responses are wanted. */
public interface Routes {
    /**
     * Asks every connected intercept to return a target's responses to a client.
     *
     * @param sessionNumber chooses among parallel connections to one intercept
     * @param flow the client as the target sees it, and the target; only there during the call
     * @return whether at least one intercept is told
     */
    boolean add(int sessionNumber, Flow flow);

    /** Tells the intercepts that a route is not needed any more; parameters as for {@link #add}. */
    void remove(int sessionNumber, Flow flow);

    /** Takes routes one by one. */
    @FunctionalInterface
    interface Visitor {
        /** A route; parameters as for {@link Routes#add}. */
        void route(int sessionNumber, Flow flow);
    }
}
