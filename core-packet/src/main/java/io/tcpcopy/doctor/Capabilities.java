package io.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What this process may do, of what it needs root for otherwise (capabilities(7)).
 *
 * @param netRaw whether it may capture, and inject
 * @param netAdmin whether it may see the firewall's rules, and take packets out of netfilter's queue
 */
public record Capabilities(boolean netRaw, boolean netAdmin) {
    private static final String STATUS = "/proc/self/status";
    /** The effective set: a bit for each, in hexadecimal. */
    private static final Pattern EFFECTIVE = Pattern.compile("(?m)^CapEff:\\s*([0-9a-f]+)$");

    private static final int HEXADECIMAL = 16;
    /** Numbers of {@code linux/capability.h}. */
    private static final int CAP_NET_ADMIN = 12;

    private static final int CAP_NET_RAW = 13;

    /** Those that the kernel says; none where it says nothing. */
    public static Capabilities of(Host host) {
        Matcher effective = EFFECTIVE.matcher(host.file(STATUS).orElse(""));
        long bits = effective.find() ? Long.parseUnsignedLong(effective.group(1), HEXADECIMAL) : 0;
        return new Capabilities((bits >> CAP_NET_RAW & 1) == 1, (bits >> CAP_NET_ADMIN & 1) == 1);
    }

    /** That for which both programs need root, or this. */
    public Finding rawFinding() {
        return netRaw
                ? Finding.ok(Code.PRIVILEGE, "CAP_NET_RAW is there")
                : Finding.error(
                        Code.PRIVILEGE,
                        "CAP_NET_RAW is missing: packets can neither be captured nor injected",
                        remedy("CAP_NET_RAW"));
    }

    /** What gives a process a capability. */
    public static String remedy(String capability) {
        return "run as root, or give the service AmbientCapabilities=" + capability + " in its systemd unit";
    }
}
