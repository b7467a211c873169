package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Host;
import java.util.OptionalLong;

/** How full the kernel's table of connections is, which drops what is new when it is full: production's connections as well. */
final class ConntrackCheck {
    private static final String COUNT = "/proc/sys/net/netfilter/nf_conntrack_count";
    private static final String MOST = "/proc/sys/net/netfilter/nf_conntrack_max";
    private static final int PERCENT = 100;
    private static final int NEARLY_FULL = 80;

    private ConntrackCheck() {}

    static Finding finding(Host host) {
        OptionalLong count = host.number(COUNT);
        OptionalLong most = host.number(MOST);
        if (count.isEmpty() || most.isEmpty() || most.getAsLong() == 0) {
            return Finding.ok(Code.CONNTRACK, "connections are not tracked here");
        }
        String seen = count.getAsLong() + " connections are tracked, of " + most.getAsLong() + " at most";
        return count.getAsLong() * PERCENT >= most.getAsLong() * NEARLY_FULL
                ? Finding.warning(
                        Code.CONNTRACK,
                        seen,
                        "sysctl -w net.netfilter.nf_conntrack_max=" + 2 * most.getAsLong()
                                + "; copies that leave as frames (--inject auto) are not tracked")
                : Finding.ok(Code.CONNTRACK, seen);
    }
}
