package io.tcpcopy.session;

import io.tcpcopy.flow.FlowKey;
import java.util.SplittableRandom;

/** Which source port a copied connection uses towards its target. */
final class PortChoice {
    /** No port was free. */
    static final int NONE = -1;

    /** Shifted ports stay above the ones that only root may use. */
    private static final int LOWEST = 1024;

    private static final int RANGE = 65536 - LOWEST;
    private static final int FACTOR_STEP = 2048;
    private static final int COPY_STEP = 32;
    private static final int RANDOM_RANGE = 512;
    /** Odd, so that 32,256 shifts are distinct; a client's ports are mostly close together, or all even, or all odd. */
    private static final int SHIFT_STEP = 1021;
    /** Ports tried before a session is given up: with so many in a row taken, the target is close to its limit. */
    private static final int MAX_TRIES = 4096;

    private final SessionTable table;
    private final EndedSessions ended;
    private final int factor;
    private final int random;
    private int shifts;

    PortChoice(SessionTable table, EndedSessions ended, int factor) {
        this.table = table;
        this.ended = ended;
        this.factor = factor;
        this.random = new SplittableRandom().nextInt(RANDOM_RANGE);
    }

    /** From now on, other ports than before are wanted. */
    void shift() {
        shifts++;
    }

    /** The port that a copy of a client's connection is to use: the client's own, or shifted by -f, -n and {@link #shift}. */
    int wanted(int clientPort, int copy) {
        int addition = shifts * SHIFT_STEP;
        if (factor > 0 || copy > 0) {
            addition += random + factor * FACTOR_STEP + (copy == 0 ? 0 : (2 * copy - 1) * COPY_STEP);
        }
        return addition == 0 ? clientPort : LOWEST + Math.floorMod(clientPort - LOWEST + addition, RANGE);
    }

    /**
     * The wanted port, or the next one that no other session uses towards the target.
     *
     * @return the port, or {@link #NONE}
     */
    int free(int address, int wantedPort, int targetIndex) {
        int port = wantedPort;
        for (int tries = 0; tries < MAX_TRIES; tries++) {
            long key = FlowKey.of(address, port, targetIndex);
            if (table.byTarget(key) == null && ended.byTarget(key) == null) {
                return port;
            }
            port = LOWEST + Math.floorMod(port - LOWEST + 1, RANGE);
        }
        return NONE;
    }
}
