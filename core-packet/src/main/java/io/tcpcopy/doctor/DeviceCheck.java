package io.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.net.netlink.Link;
import java.util.List;
import java.util.Optional;

/** Whether network devices are there, up, and of a kind that packets of IP can be captured on. */
public final class DeviceCheck {
    private static final String LOOPBACK = "lo";
    /** A host of containers has hundreds. */
    private static final int MOST_NAMED = 8;

    private final Host host;

    /** Of a host. */
    public DeviceCheck(Host host) {
        this.host = host;
    }

    /** Whether there is anything to capture on, for who captures on all devices. */
    public Finding all() {
        List<String> working = host.devices().stream()
                .filter(name -> !name.equals(LOOPBACK))
                .filter(name -> host.link(name)
                        .filter(link -> link.isUp() && link.hasCarrier())
                        .isPresent())
                .toList();
        if (working.isEmpty()) {
            return Finding.warning(
                    Code.DEVICE,
                    "no device but lo is up and has a carrier",
                    "ip link set DEVICE up; \"ip link\" shows the devices");
        }
        String more = working.size() > MOST_NAMED ? " and others" : "";
        return Finding.ok(
                Code.DEVICE,
                "any stands for all devices, of which these are up: "
                        + String.join(", ", working.subList(0, Math.min(MOST_NAMED, working.size()))) + more);
    }

    /**
     * Whether a device can be used.
     *
     * @param option which names it, for messages
     */
    public Finding named(String option, String device) {
        Optional<Link> found = host.link(device);
        if (found.isEmpty()) {
            return Finding.error(
                    Code.DEVICE,
                    "there is no device " + device,
                    option + " takes one of " + String.join(", ", host.devices()));
        }
        Link link = found.get();
        if (!link.isUp()) {
            return Finding.error(Code.DEVICE, device + " is down", "ip link set " + device + " up");
        }
        if (!link.carriesIp()) {
            return Finding.error(
                    Code.DEVICE,
                    device + " carries no packets of IP: it is of type " + link.type(),
                    option + " takes a device for Ethernet, or one that takes packets of IP");
        }
        if (!link.hasCarrier()) {
            return Finding.warning(
                    Code.DEVICE,
                    device + " is up, but has no carrier",
                    "look at its cable and at the other end: ip link show " + device);
        }
        return Finding.ok(Code.DEVICE, device + " is up");
    }

    /** Whether frames of Ethernet can leave on a device. */
    public Finding forFrames(String option, String device) {
        Finding finding = named(option, device);
        boolean isOther = host.link(device).filter(link -> !link.isEthernet()).isPresent();
        return isOther
                ? Finding.error(Code.DEVICE, device + " is not a device for Ethernet", option + " takes one that is")
                : finding;
    }
}
