package io.tcpcopy.tcpcopy;

import io.tcpcopy.session.Routes;

/** An intercept that takes every route. */
final class EveryRoute implements Routes {
    @Override
    public boolean add(int turn, int clientAddress, int clientPort, int targetAddress, int targetPort) {
        return true;
    }

    @Override
    public void remove(int turn, int clientAddress, int clientPort, int targetAddress, int targetPort) {}
}
