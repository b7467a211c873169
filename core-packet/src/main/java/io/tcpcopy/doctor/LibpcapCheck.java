package io.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.net.PacketFilter;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether libpcap is there, and which: filters are compiled with it however packets are captured. */
public final class LibpcapCheck {
    private static final Pattern VERSION = Pattern.compile("version (\\d+)\\.(\\d+)");
    /** 1.5 of 2013 has the calls that captures through libpcap need (pcap_set_immediate_mode). */
    private static final int OLDEST_MAJOR = 1;

    private static final int OLDEST_MINOR = 5;

    private static final String REMEDY = "install the package libpcap0.8 (Debian, Ubuntu) or libpcap (others)";

    private LibpcapCheck() {}

    /** Looks. */
    public static Finding finding() {
        try {
            return judge(PacketFilter.version());
        } catch (LinkageError e) {
            return Finding.error(Code.LIBPCAP, "libpcap cannot be loaded", REMEDY);
        }
    }

    static Finding judge(String version) {
        Matcher numbers = VERSION.matcher(version);
        if (numbers.find()) {
            int major = Integer.parseInt(numbers.group(1));
            int minor = Integer.parseInt(numbers.group(2));
            if (major < OLDEST_MAJOR || major == OLDEST_MAJOR && minor < OLDEST_MINOR) {
                return Finding.error(
                        Code.LIBPCAP, version + " is older than " + OLDEST_MAJOR + "." + OLDEST_MINOR, REMEDY);
            }
        }
        return Finding.ok(Code.LIBPCAP, version);
    }
}
