package io.tcpcopy.packet;

import java.util.OptionalLong;
import java.util.regex.Pattern;

/** Ethernet addresses (MAC) as 48-bit values: the first number of the written form is the highest byte. */
public final class EthernetAddress {
    /** Length in bytes. */
    public static final int LENGTH = 6;

    private static final Pattern WRITTEN = Pattern.compile("[0-9a-fA-F]{2}(:[0-9a-fA-F]{2}){5}");
    /** The lowest bit of the first byte, which is set in addresses of groups and of all (IEEE 802). */
    private static final long GROUP = 1L << (LENGTH - 1) * Byte.SIZE;

    private static final int HEXADECIMAL = 16;

    private EthernetAddress() {}

    /** Reads the form {@code aa:bb:cc:dd:ee:ff}; empty for anything else. */
    public static OptionalLong parse(String text) {
        return WRITTEN.matcher(text).matches()
                ? OptionalLong.of(Long.parseLong(text.replace(":", ""), HEXADECIMAL))
                : OptionalLong.empty();
    }

    /** The written form, in lower case. */
    public static String text(long address) {
        return String.format("%012x", address).replaceAll("..(?!$)", "$0:");
    }

    /** Reads one from its bytes; empty for another number of bytes. */
    public static OptionalLong read(byte[] bytes) {
        if (bytes.length != LENGTH) {
            return OptionalLong.empty();
        }
        long address = 0;
        for (byte part : bytes) {
            address = address << Byte.SIZE | part & 0xFF;
        }
        return OptionalLong.of(address);
    }

    /** Whether it can be the address of a single device: not of a group, not of all, not zero. */
    public static boolean isDevice(long address) {
        return address != 0 && (address & GROUP) == 0;
    }
}
