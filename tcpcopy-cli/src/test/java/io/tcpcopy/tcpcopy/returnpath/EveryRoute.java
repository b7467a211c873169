package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.base.Routes;

/** An intercept that takes every route. */
public final class EveryRoute implements Routes {
    @Override
    public boolean add(int sessionNumber, Flow flow) {
        return true;
    }

    @Override
    public void remove(int sessionNumber, Flow flow) {}
}
