package io.tcpcopy.lab;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for conditions that no event tells of, such as a line in another process's log. */
public final class Waiting {

    /** A look may start a process or read a whole log, and whoever is waited for wants the processor. */
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(50);

    private Waiting() {}

    /**
     * Waits until the condition holds.
     *
     * @param what says what is waited for, in the failure
     * @throws AssertionError if it does not hold in time
     */
    public static void until(String what, Duration patience, BooleanSupplier condition) {
        if (!holdsWithin(patience, condition)) {
            throw new AssertionError("waited " + patience.toSeconds() + " s in vain until " + what);
        }
    }

    /** Waits until the condition holds, and returns whether it did in time. */
    public static boolean holdsWithin(Duration patience, BooleanSupplier condition) {
        long deadlineNs = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadlineNs >= 0) {
                return false;
            }
            LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
        }
        return true;
    }
}
