package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.base.Routes;

/**
 * With {@code --single} an intercept is told no routes, since all responses are for this tcpcopy. Sessions start while any
 * intercept is connected.
 */
final class WithoutRoutes implements Routes {
    private final Intercepts intercepts;

    WithoutRoutes(Intercepts intercepts) {
        this.intercepts = intercepts;
    }

    @Override
    public boolean add(int sessionNumber, Flow flow) {
        return intercepts.isUp();
    }

    @Override
    public void remove(int sessionNumber, Flow flow) {
        // There is none.
    }
}
