package io.tcpcopy.session;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.base.Routes;

/** Every response finds its way without being asked for. */
public final class AllRoutes implements Routes {
    @Override
    public boolean add(int sessionNumber, Flow flow) {
        return true;
    }

    @Override
    public void remove(int sessionNumber, Flow flow) {
        // Nothing was noted.
    }
}
