package io.tcpcopy.observe;

import io.tcpcopy.flow.Address;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Takes the end off the addresses in a text, so that it can be passed on without telling who the clients are: an IPv4
 * address loses its last number ({@code 203.0.113.x}), an IPv6 address its last 64 bits ({@code 2001:db8:0:0:x}). What
 * stays whole are addresses that are named, and those that say the same on every host. Where a text could be an address it
 * counts as one.
 */
public final class AddressMask {
    /** What stands for the end that is lost. */
    private static final String LOST = "x";

    /** Leading zeros, and numbers beyond 255, are none of an address; somebody may have written them all the same. */
    private static final Pattern IPV4 = Pattern.compile("(?<!\\d)((?:\\d{1,3}\\.){3})\\d{1,3}(?!\\d)");
    /** All that an IPv6 address can consist of, between characters that words consist of. */
    private static final Pattern IPV6_CHARACTERS = Pattern.compile("(?<!\\w)[0-9A-Fa-f:.]++(?!\\w)");
    /** An address, between a colon and full stops that are the sentence's. */
    private static final Pattern WITHIN_PUNCTUATION =
            Pattern.compile("(?<before>\\.*(?::(?!:))?)(?<address>.*?)(?<after>(?:(?<=[^:]|::):)?\\.*)");

    private static final String COLON = ":";
    private static final String ZEROS = "::";
    private static final int GROUPS = 8;
    private static final int GROUPS_KEPT = 4;

    /** Any address, and this host's own that is the same on each. */
    private static final Set<String> OF_ALL_HOSTS =
            Set.of(Address.ANY.toString(), Address.LOOPBACK.toString(), ZEROS, "::1");

    private final Set<String> whole;

    /** Masks all addresses but these, and those that say the same on every host. */
    public AddressMask(Collection<Address> kept) {
        whole = Stream.concat(OF_ALL_HOSTS.stream(), kept.stream().map(Address::toString))
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The text, with addresses masked and otherwise the same. */
    public String mask(String text) {
        String withoutIpv6 = IPV6_CHARACTERS.matcher(text).replaceAll(run -> maskIpv6(run.group()));
        return IPV4.matcher(withoutIpv6).replaceAll(this::maskIpv4);
    }

    private String maskIpv4(MatchResult address) {
        return whole.contains(address.group()) ? address.group() : address.group(1) + LOST;
    }

    private String maskIpv6(String run) {
        Matcher parts = WITHIN_PUNCTUATION.matcher(run);
        if (!parts.matches() || !isIpv6(parts.group("address")) || whole.contains(parts.group("address"))) {
            return run;
        }
        return parts.group("before") + masked(parts.group("address")) + parts.group("after");
    }

    /** With eight groups or more, or with zeros left out. A link address of Ethernet has six and leaves nothing out. */
    private static boolean isIpv6(String text) {
        // The last two groups may be written as an IPv4 address.
        int groups = groups(text).size() + (text.contains(".") ? 1 : 0);
        return text.contains(ZEROS) && groups > 0 || groups >= GROUPS;
    }

    private static String masked(String address) {
        int gap = address.indexOf(ZEROS);
        List<String> groups = new ArrayList<>(groups(gap < 0 ? address : address.substring(0, gap)));
        if (gap >= 0) {
            List<String> behind = groups(address.substring(gap + ZEROS.length()));
            groups.addAll(Collections.nCopies(Math.max(0, GROUPS - groups.size() - behind.size()), "0"));
            groups.addAll(behind);
        }
        return String.join(COLON, groups.subList(0, GROUPS_KEPT)) + COLON + LOST;
    }

    private static List<String> groups(String text) {
        return Stream.of(text.split(COLON)).filter(group -> !group.isEmpty()).toList();
    }
}
