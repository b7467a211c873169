package io.tcpcopy.session.admit;

import java.util.SplittableRandom;

/** The source ports that copies are to use: the client's own, or shifted by -f, -n and {@link #shiftFurther}. */
public final class PortShift {
    /** Shifted ports stay above the ones that only root may use. */
    private static final int LOWEST = 1024;

    private static final int RANGE = 65536 - LOWEST;
    private static final int FACTOR_STEP = 2048;
    private static final int COPY_STEP = 32;
    private static final int RANDOM_RANGE = 512;
    /** Prime to the range, so that it takes long to meet a former one; a client's ports are mostly close together. */
    private static final int FURTHER_STEP = 1021;

    private final int factor;
    private final int random;
    private int furtherShifts;

    PortShift(int factor) {
        this.factor = factor;
        this.random = new SplittableRandom().nextInt(RANDOM_RANGE);
    }

    /**
     * The port for a copy of what a client sends from its port.
     *
     * @param copy 0 for the first
     */
    int of(int clientPort, int copy) {
        int addition = furtherShifts * FURTHER_STEP;
        if (factor > 0 || copy > 0) {
            addition += random + factor * FACTOR_STEP + (copy == 0 ? 0 : (2 * copy - 1) * COPY_STEP);
        }
        return addition == 0 ? clientPort : wrap(clientPort + addition);
    }

    /** From now on, all ports are other ones than before. */
    void shiftFurther() {
        furtherShifts++;
    }

    /** The port behind another one, of those that may be shifted to. */
    public static int next(int port) {
        return wrap(port + 1);
    }

    /** The port itself, or the one that stands for it where it is none that may be shifted to. */
    private static int wrap(int port) {
        return LOWEST + Math.floorMod(port - LOWEST, RANGE);
    }
}
