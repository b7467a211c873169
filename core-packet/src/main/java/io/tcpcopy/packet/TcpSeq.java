package io.tcpcopy.packet;

/**
 * Arithmetic on TCP sequence numbers: 32-bit values that wrap (RFC 9293, section 3.4). Of two numbers that are less
 * than 2^31 apart, the one reached by going forward is the greater.
 */
public final class TcpSeq {
    /** Sequence numbers: half of the distance at which lower numbers would be taken for higher ones. */
    private static final int HISTORY = 1 << 30;

    private TcpSeq() {}

    /** Whether {@code a} comes before {@code b}. */
    public static boolean lessThan(int a, int b) {
        return a - b < 0;
    }

    /** Whether {@code a} comes before {@code b} or is the same. */
    public static boolean lessThanOrEqual(int a, int b) {
        return a - b <= 0;
    }

    /** Whether {@code a} comes after {@code b}. */
    public static boolean greaterThan(int a, int b) {
        return a - b > 0;
    }

    /** Whether {@code a} comes after {@code b} or is the same. */
    public static boolean greaterThanOrEqual(int a, int b) {
        return a - b >= 0;
    }

    /** The later of two numbers. */
    public static int max(int a, int b) {
        return a - b > 0 ? a : b;
    }

    /** The earlier of two numbers. */
    public static int min(int a, int b) {
        return a - b < 0 ? a : b;
    }

    /**
     * How far {@code to} lies ahead of {@code from}: negative when it lies behind.
     *
     * @return the distance in sequence numbers, -2^31 to 2^31 - 1
     */
    public static int distance(int from, int to) {
        return to - from;
    }

    /** Whether {@code first <= number < first + length}; {@code length} is unsigned. */
    public static boolean inWindow(int number, int first, int length) {
        return Integer.compareUnsigned(number - first, length) < 0;
    }

    /**
     * The lowest number to remember of a stream that may be longer than there are numbers, so that it can be compared with
     * the newest one.
     *
     * @param low what was remembered so far, not more than 2^31 below the newest
     * @return the same, or 2^30 below the newest if that is later
     */
    public static int remembered(int low, int newest) {
        return distance(low, newest) > HISTORY ? newest - HISTORY : low;
    }
}
