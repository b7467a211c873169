package io.tcpcopy.packet;

import java.nio.ByteBuffer;

/**
 * Reads the options of a TCP header (RFC 9293, section 3.1; RFC 7323). Never looks beyond the range it is given,
 * whatever the lengths in the options say: a malformed option ends the list.
 */
public final class TcpOptions {
    /** Kind: end of the list. */
    public static final int END = 0;
    /** Kind: no operation, padding. */
    public static final int NOP = 1;
    /** Kind: maximum segment size. */
    public static final int MSS = 2;
    /** Kind: window scale. */
    public static final int WINDOW_SCALE = 3;
    /** Kind: timestamps. */
    public static final int TIMESTAMPS = 8;

    /** Length of the option in bytes, kind and length included. */
    public static final int MSS_LENGTH = 4;
    /** Length of the option in bytes, kind and length included. */
    public static final int WINDOW_SCALE_LENGTH = 3;
    /** Length of the option in bytes, kind and length included. */
    public static final int TIMESTAMPS_LENGTH = 10;

    /** Length in bytes of the timestamps with two paddings in front of them. */
    public static final int PADDED_TIMESTAMPS_LENGTH = 2 + TIMESTAMPS_LENGTH;

    /** The largest shift a peer may ask for (RFC 7323, section 2.3). */
    public static final int MAX_WINDOW_SCALE = 14;

    /** What the searches return when the option is not there. */
    public static final int ABSENT = -1;

    /** Within an option: its length, its value, and the second value of timestamps. */
    private static final int LENGTH_OFFSET = 1;

    private static final int VALUE_OFFSET = 2;
    private static final int ECHO_OFFSET = 6;

    private TcpOptions() {}

    /**
     * Finds an option of a kind and a length.
     *
     * @param start index of the first option byte
     * @param end index behind the last option byte
     * @return the index of the option's kind byte, or {@link #ABSENT}
     */
    public static int find(ByteBuffer buffer, int start, int end, int kind, int length) {
        int index = start;
        while (index < end) {
            int found = buffer.get(index) & 0xFF;
            if (found == END) {
                return ABSENT;
            }
            if (found == NOP) {
                index++;
                continue;
            }
            int foundLength = lengthAt(buffer, index, end);
            if (foundLength == ABSENT) {
                return ABSENT;
            }
            if (found == kind && foundLength == length) {
                return index;
            }
            index += foundLength;
        }
        return ABSENT;
    }

    /**
     * Overwrites with {@link #NOP} every option but the maximum segment size, the window scale and the timestamps, and
     * whatever follows a malformed option.
     *
     * @param start index of the first option byte
     * @param end index behind the last option byte
     */
    public static void keepBasic(ByteBuffer buffer, int start, int end) {
        int index = start;
        while (index < end) {
            int kind = buffer.get(index) & 0xFF;
            if (kind == NOP) {
                index++;
                continue;
            }
            int length = kind == END ? ABSENT : lengthAt(buffer, index, end);
            if (length == ABSENT) {
                fillWithNop(buffer, index, end);
                return;
            }
            boolean basic = kind == MSS && length == MSS_LENGTH
                    || kind == WINDOW_SCALE && length == WINDOW_SCALE_LENGTH
                    || kind == TIMESTAMPS && length == TIMESTAMPS_LENGTH;
            if (!basic) {
                fillWithNop(buffer, index, index + length);
            }
            index += length;
        }
    }

    /** Overwrites a range with {@link #NOP}. */
    public static void fillWithNop(ByteBuffer buffer, int start, int end) {
        for (int index = start; index < end; index++) {
            buffer.put(index, (byte) NOP);
        }
    }

    /** The shift of a window scale option found at {@code index}, at most {@link #MAX_WINDOW_SCALE}. */
    public static int windowScale(ByteBuffer buffer, int index) {
        return Math.min(buffer.get(index + VALUE_OFFSET) & 0xFF, MAX_WINDOW_SCALE);
    }

    /** The size in bytes of a maximum segment size option found at {@code index}. */
    public static int mss(ByteBuffer buffer, int index) {
        return buffer.getShort(index + VALUE_OFFSET) & 0xFFFF;
    }

    /** Writes a maximum segment size option, of {@link #MSS_LENGTH}. */
    public static void putMss(ByteBuffer buffer, int index, int bytes) {
        buffer.put(index, (byte) MSS);
        buffer.put(index + LENGTH_OFFSET, (byte) MSS_LENGTH);
        buffer.putShort(index + VALUE_OFFSET, (short) bytes);
    }

    /** Writes a timestamps option with two paddings in front of it (RFC 7323, appendix A): {@link #PADDED_TIMESTAMPS_LENGTH}. */
    public static void putPaddedTimestamps(ByteBuffer buffer, int index, int value, int echo) {
        buffer.put(index, (byte) NOP);
        buffer.put(index + 1, (byte) NOP);
        int option = index + 2;
        buffer.put(option, (byte) TIMESTAMPS);
        buffer.put(option + LENGTH_OFFSET, (byte) TIMESTAMPS_LENGTH);
        buffer.putInt(option + VALUE_OFFSET, value);
        buffer.putInt(option + ECHO_OFFSET, echo);
    }

    /** Where the sender's own value stands in a timestamps option found at {@code index}. */
    public static int timestampValueIndex(int index) {
        return index + VALUE_OFFSET;
    }

    /** Where the echoed value stands in a timestamps option found at {@code index}. */
    public static int timestampEchoIndex(int index) {
        return index + ECHO_OFFSET;
    }

    /** Length of an option that is neither END nor NOP, or {@link #ABSENT} where it does not fit. */
    private static int lengthAt(ByteBuffer buffer, int index, int end) {
        if (index + LENGTH_OFFSET >= end) {
            return ABSENT;
        }
        int length = buffer.get(index + LENGTH_OFFSET) & 0xFF;
        return length < VALUE_OFFSET || index + length > end ? ABSENT : length;
    }
}
