package io.tcpcopy.inject.route;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.netlink.Link;
import java.util.Optional;

/**
 * The way to a target, as it was at one time.
 *
 * @param target its address
 * @param hasRoute whether the kernel knows a route; without one, nothing else means anything
 * @param isLocal whether it is this host itself
 * @param device by which packets leave
 * @param nextHop address of the next hop: that of the target itself when it is on the link
 * @param answers whether the next hop's address on the link is known, or none is needed
 * @param mtu the longest packet, in bytes
 * @param obstacle why no frames can be made for it; empty where they can
 */
public record TargetPath(
        Address target,
        boolean hasRoute,
        boolean isLocal,
        Optional<Link> device,
        String nextHop,
        boolean answers,
        int mtu,
        Optional<String> obstacle) {
    /** The name of the device, for messages. */
    public String deviceName() {
        return device.map(Link::name).orElse("no device");
    }

    /** The next hop and the device, for messages: {@code 10.0.0.254 on eth1}. */
    public String nextHopOnDevice() {
        return nextHop + " on " + deviceName();
    }
}
