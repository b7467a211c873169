package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.session.Routes;

/** An intercept that takes every route. */
public final class EveryRoute implements Routes {
    @Override
    public boolean add(int sessionNumber, int clientAddress, int clientPort, int targetAddress, int targetPort) {
        return true;
    }

    @Override
    public void remove(int sessionNumber, int clientAddress, int clientPort, int targetAddress, int targetPort) {}
}
