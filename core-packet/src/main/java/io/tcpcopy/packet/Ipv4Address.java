package io.tcpcopy.packet;

import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** IPv4 addresses as 32-bit values: the first number of the dotted form is the highest byte. */
public final class Ipv4Address {
    /** 127.0.0.1. */
    public static final int LOOPBACK = 0x7F000001;
    /** 0.0.0.0: any address. */
    public static final int ANY = 0;

    private static final String NUMBER = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern DOTTED = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "\\." + NUMBER);

    private Ipv4Address() {}

    /** Reads the dotted form of four decimal numbers without leading zeros; empty for anything else. */
    public static OptionalInt parse(String text) {
        Matcher matcher = DOTTED.matcher(text);
        if (!matcher.matches()) {
            return OptionalInt.empty();
        }
        int address = 0;
        for (int group = 1; group <= Integer.BYTES; group++) {
            address = address << Byte.SIZE | Integer.parseInt(matcher.group(group));
        }
        return OptionalInt.of(address);
    }

    /** The dotted form. */
    public static String format(int address) {
        return (address >>> 24) + "." + (address >>> 16 & 0xFF) + "." + (address >>> 8 & 0xFF) + "." + (address & 0xFF);
    }
}
