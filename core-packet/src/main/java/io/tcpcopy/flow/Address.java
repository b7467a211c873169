package io.tcpcopy.flow;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The address of a host.
 *
 * @param family tells what the bits mean
 * @param bits the IPv4 address: the first number of its dotted form is the highest byte
 */
public record Address(AddressFamily family, int bits) {
    /** 0.0.0.0: any address. */
    public static final Address ANY = ipv4(0);
    /** 127.0.0.1. */
    public static final Address LOOPBACK = ipv4(0x7F000001);

    /** 224.0.0.0/4 are groups, and what follows is reserved. */
    private static final int FIRST_OF_GROUPS = 224;

    private static final String NUMBER = "(25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern DOTTED = Pattern.compile(NUMBER + "\\." + NUMBER + "\\." + NUMBER + "\\." + NUMBER);

    /** An IPv4 address; the first number of its dotted form is the highest byte. */
    public static Address ipv4(int bits) {
        return new Address(AddressFamily.IPV4, bits);
    }

    /** Reads the dotted form of four decimal numbers without leading zeros; empty for anything else. */
    public static Optional<Address> parse(String text) {
        Matcher matcher = DOTTED.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        int bits = 0;
        for (int group = 1; group <= Integer.BYTES; group++) {
            bits = bits << Byte.SIZE | Integer.parseInt(matcher.group(group));
        }
        return Optional.of(ipv4(bits));
    }

    /** Whether this stands for any address. */
    public boolean isAny() {
        return bits == 0;
    }

    /** Whether a host on a network can have it: it is none of 0.0.0.0/8, of loopback, of a group, and not reserved (RFC 6890). */
    public boolean isOfOneHost() {
        int first = bits >>> 24;
        return first != 0 && !isLoopback() && first < FIRST_OF_GROUPS;
    }

    /** Whether it never leaves a host: it is of 127.0.0.0/8. */
    public boolean isLoopback() {
        return bits >>> 24 == LOOPBACK.bits >>> 24;
    }

    /** The same in every run, which that of the family is not: what depends on it can be repeated. */
    @Override
    public int hashCode() {
        return bits;
    }

    /** The dotted form. */
    @Override
    public String toString() {
        return (bits >>> 24) + "." + (bits >>> 16 & 0xFF) + "." + (bits >>> 8 & 0xFF) + "." + (bits & 0xFF);
    }
}
