package io.tcpcopy.capture;

/**
 * A counter of 64 bits that follows one of the kernel's, which has 32 bits and begins again with each device opened.
 */
public final class WideCounter {
    private long value;
    private int lastReading;

    /** The kernel's counter begins again at zero. */
    public void restart() {
        lastReading = 0;
    }

    /**
     * Takes what the kernel's counter stands at.
     *
     * @param reading of which the low 32 bits are used
     */
    public void update(long reading) {
        int now = (int) reading;
        value += Integer.toUnsignedLong(now - lastReading);
        lastReading = now;
    }

    /** The sum over all that was followed. */
    public long value() {
        return value;
    }
}
