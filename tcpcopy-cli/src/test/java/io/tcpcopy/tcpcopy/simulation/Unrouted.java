package io.tcpcopy.tcpcopy.simulation;

import java.util.HashSet;
import java.util.Set;

/** Notes which connections were captured while no intercept could be told of them, so that their sessions could not start. */
final class Unrouted {
    private final Set<CopiedConnection> capturedSinceTurn = new HashSet<>();
    private long counted;

    /** A packet is captured. */
    void captured(CopiedConnection copied) {
        capturedSinceTurn.add(copied);
    }

    /** The programs have done what there was to do; {@code noRoute}: how often a session could not start until now. */
    void turned(long noRoute) {
        if (noRoute > counted) {
            capturedSinceTurn.forEach(CopiedConnection::notRouted);
        }
        counted = noRoute;
        capturedSinceTurn.clear();
    }
}
