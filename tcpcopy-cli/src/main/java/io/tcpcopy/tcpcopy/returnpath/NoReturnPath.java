package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.Routes;

/** For datagrams, to which nothing has to come back: always there. */
public final class NoReturnPath implements ReturnPath, Routes {
    @Override
    public Routes routes() {
        return this;
    }

    @Override
    public void start(Listener listener) {
        listener.reachable();
    }

    @Override
    public boolean isUp() {
        return true;
    }

    @Override
    public boolean isIndispensable() {
        return false;
    }

    @Override
    public void flush() {
        // There are no routes.
    }

    @Override
    public String description() {
        return "";
    }

    @Override
    public void addTo(Metrics metrics) {
        // Nothing is counted.
    }

    @Override
    public void close() {
        // Nothing is open.
    }

    @Override
    public boolean add(int sessionNumber, Flow flow) {
        return true;
    }

    @Override
    public void remove(int sessionNumber, Flow flow) {
        // There is none.
    }
}
