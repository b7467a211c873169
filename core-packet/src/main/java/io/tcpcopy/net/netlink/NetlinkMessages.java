package io.tcpcopy.net.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The messages of one datagram of a netlink socket (netlink(7)), one at a time. Every length is checked against what was
 * received; one that is too large ends the iteration.
 */
final class NetlinkMessages {
    /** Type of a message: an error, or the acknowledgement of a request, whose error is 0. */
    static final int NLMSG_ERROR = 2;
    /** Type of a message: the end of an answer of several messages. */
    static final int NLMSG_DONE = 3;

    /** {@code struct nlmsghdr}. */
    static final int HEADER_LENGTH = 16;

    static final int LENGTH_OFFSET = 0;
    static final int TYPE_OFFSET = 4;
    static final int FLAGS_OFFSET = 6;
    static final int SEQUENCE_OFFSET = 8;

    /** {@code struct rtattr}, {@code struct nlattr}. */
    static final int ATTRIBUTE_HEADER_LENGTH = 4;

    static final int ATTRIBUTE_TYPE_OFFSET = 2;
    /** {@code NLA_TYPE_MASK}: the other bits of a type say how its value is to be read. */
    private static final int ATTRIBUTE_TYPE_MASK = 0x3FFF;
    /** {@code NLMSG_ALIGNTO} and {@code NLA_ALIGNTO} of {@code linux/netlink.h}. */
    private static final int ALIGNMENT = 4;

    private static final byte[] NOTHING = {};

    private ByteBuffer buffer;
    private int end;
    private int message;
    private int messageEnd;

    /**
     * Starts with the first message of a datagram.
     *
     * @param newBuffer in native byte order
     * @param length of the datagram, which begins at index 0
     */
    NetlinkMessages wrap(ByteBuffer newBuffer, int length) {
        buffer = newBuffer;
        end = length;
        message = 0;
        messageEnd = 0;
        return this;
    }

    /** Goes to the next message; false when there is none. */
    boolean next() {
        message = align(messageEnd);
        if (end - message < HEADER_LENGTH) {
            return false;
        }
        int length = buffer.getInt(message + LENGTH_OFFSET);
        if (length < HEADER_LENGTH || length > end - message) {
            messageEnd = end;
            return false;
        }
        messageEnd = message + length;
        return true;
    }

    /** What kind of message it is. */
    int type() {
        return Short.toUnsignedInt(buffer.getShort(message + TYPE_OFFSET));
    }

    /** The number of the request that it answers. */
    int sequence() {
        return buffer.getInt(message + SEQUENCE_OFFSET);
    }

    /** Whether the fixed part behind the header is there. */
    boolean hasBody(int length) {
        return messageEnd - message - HEADER_LENGTH >= length;
    }

    /** A byte of the fixed part, which {@link #hasBody} has found to be there. */
    int bodyByte(int offset) {
        return Byte.toUnsignedInt(buffer.get(message + HEADER_LENGTH + offset));
    }

    /** 16 bits of the fixed part, in the machine's order. */
    int bodyShort(int offset) {
        return Short.toUnsignedInt(buffer.getShort(message + HEADER_LENGTH + offset));
    }

    /** 32 bits of the fixed part, in the machine's order. */
    int bodyInt(int offset) {
        return buffer.getInt(message + HEADER_LENGTH + offset);
    }

    /**
     * Looks for an attribute with a 32-bit value.
     *
     * @param bodyLength length of the fixed part in front of the attributes
     * @param type of the attribute
     * @return index of its value in the buffer, or -1
     */
    int findInt(int bodyLength, int type) {
        int attribute = find(bodyLength, type);
        return isInt(attribute) ? attribute + ATTRIBUTE_HEADER_LENGTH : -1;
    }

    private boolean isInt(int attribute) {
        return attribute >= 0
                && Short.toUnsignedInt(buffer.getShort(attribute)) == ATTRIBUTE_HEADER_LENGTH + Integer.BYTES;
    }

    /**
     * Looks for an attribute with a 32-bit value among those inside another one.
     *
     * @param bodyLength length of the fixed part in front of the attributes
     * @param outer type of the attribute that has attributes inside
     * @param type of the one inside
     * @return index of its value in the buffer, or -1
     */
    int findNestedInt(int bodyLength, int outer, int type) {
        int attribute = findNested(bodyLength, outer, type);
        return isInt(attribute) ? attribute + ATTRIBUTE_HEADER_LENGTH : -1;
    }

    private int findNested(int bodyLength, int outer, int type) {
        int around = find(bodyLength, outer);
        if (around < 0) {
            return -1;
        }
        int outerEnd = around + Short.toUnsignedInt(buffer.getShort(around));
        return find(around + ATTRIBUTE_HEADER_LENGTH, outerEnd, type);
    }

    /** Whether there is an attribute of this type, whatever its value. */
    boolean has(int bodyLength, int type) {
        return find(bodyLength, type) >= 0;
    }

    /**
     * Looks for an attribute.
     *
     * @param bodyLength length of the fixed part in front of the attributes
     * @param type of the attribute
     * @param least length of its value; a shorter one does not count
     * @return index of its value in the buffer, or -1
     */
    int findValue(int bodyLength, int type, int least) {
        int attribute = find(bodyLength, type);
        boolean isThere = attribute >= 0 && valueLength(attribute + ATTRIBUTE_HEADER_LENGTH) >= least;
        return isThere ? attribute + ATTRIBUTE_HEADER_LENGTH : -1;
    }

    /** Length of a value that {@link #findValue} has found. */
    int valueLength(int value) {
        return Short.toUnsignedInt(buffer.getShort(value - ATTRIBUTE_HEADER_LENGTH)) - ATTRIBUTE_HEADER_LENGTH;
    }

    /** The value of an attribute; empty when there is none. */
    byte[] findBytes(int bodyLength, int type) {
        return bytes(find(bodyLength, type));
    }

    /** The value of an attribute among those inside another one; empty when there is none. */
    byte[] findNestedBytes(int bodyLength, int outer, int type) {
        return bytes(findNested(bodyLength, outer, type));
    }

    private byte[] bytes(int attribute) {
        if (attribute < 0) {
            return NOTHING;
        }
        byte[] value = new byte[Short.toUnsignedInt(buffer.getShort(attribute)) - ATTRIBUTE_HEADER_LENGTH];
        buffer.get(attribute + ATTRIBUTE_HEADER_LENGTH, value);
        return value;
    }

    /** Index of an attribute's header in the buffer, or -1; the whole attribute is within the message. */
    private int find(int bodyLength, int type) {
        return find(message + HEADER_LENGTH + align(bodyLength), messageEnd, type);
    }

    private int find(int from, int attributesEnd, int type) {
        int attribute = from;
        while (attributesEnd - attribute >= ATTRIBUTE_HEADER_LENGTH) {
            int length = Short.toUnsignedInt(buffer.getShort(attribute));
            if (length < ATTRIBUTE_HEADER_LENGTH || length > attributesEnd - attribute) {
                return -1;
            }
            if ((buffer.getShort(attribute + ATTRIBUTE_TYPE_OFFSET) & ATTRIBUTE_TYPE_MASK) == type) {
                return attribute;
            }
            attribute += align(length);
        }
        return -1;
    }

    /** Converts a number of 32 bits between network byte order and that of this machine. */
    static int networkOrder(int value) {
        return ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN ? value : Integer.reverseBytes(value);
    }

    private static int align(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
