package io.tcpcopy.intercept.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.net.netlink.Link;
import java.util.List;

/**
 * Whether the kernel of the target drops copies because the way back to their clients is not the device that they come in on. Of the
 * settings for all devices and for one the larger number counts (ip-sysctl of the kernel's documentation).
 */
final class ReversePathCheck {
    private static final String OF_ALL = "all";
    private static final String LOOPBACK = "lo";
    private static final long STRICT = 1;

    private final Host host;

    ReversePathCheck(Host host) {
        this.host = host;
    }

    List<Finding> findings() {
        List<String> devices = host.devices().stream()
                .filter(name -> !name.equals(LOOPBACK))
                .filter(name -> host.link(name).filter(Link::isUp).isPresent())
                .toList();
        return devices.stream()
                .map(device -> finding(device, devices.size() > 1))
                .toList();
    }

    private Finding finding(String device, boolean hasOthers) {
        long filter = Math.max(setting(OF_ALL), setting(device));
        String seen = "rp_filter of " + device + " is " + filter;
        if (filter != STRICT) {
            return Finding.ok(Code.REVERSE_PATH_FILTER, seen);
        }
        return hasOthers
                ? Finding.warning(
                        Code.REVERSE_PATH_FILTER,
                        seen + " (strict): a copy whose client is routed by another device is dropped",
                        "sysctl -w net.ipv4.conf.all.rp_filter=2 net.ipv4.conf." + device.replace('.', '/')
                                + ".rp_filter=2")
                : Finding.ok(Code.REVERSE_PATH_FILTER, seen + " (strict), and there is no other device");
    }

    private long setting(String device) {
        return host.number(Host.SETTINGS_OF_DEVICES + "/" + device + "/rp_filter")
                .orElse(0);
    }
}
