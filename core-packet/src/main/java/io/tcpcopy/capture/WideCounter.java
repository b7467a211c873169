package io.tcpcopy.capture;

/** Follows a counter of 32 bits, which wraps and begins again with each device that is opened, with 64 bits. */
final class WideCounter {
    private long total;
    private int last;

    /** The counter begins again at zero. */
    void restart() {
        last = 0;
    }

    /** Takes a reading, of which the low 32 bits count. */
    void update(long reading) {
        int now = (int) reading;
        total += Integer.toUnsignedLong(now - last);
        last = now;
    }

    /** The sum over all that was followed. */
    long total() {
        return total;
    }
}
