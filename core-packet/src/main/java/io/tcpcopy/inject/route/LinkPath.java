package io.tcpcopy.inject.route;

import io.tcpcopy.packet.EthernetAddress;

/**
 * Where frames for a target go: by which device, and to which address on the link.
 *
 * @param interfaceIndex of the device
 * @param deviceName for messages
 * @param isEthernet whether they begin with an Ethernet header; else with the IP header, and the addresses mean nothing
 * @param source Ethernet address of the device, as a 48-bit value
 * @param nextHop that of the next hop
 */
public record LinkPath(int interfaceIndex, String deviceName, boolean isEthernet, long source, long nextHop) {
    /** As a user reads it: {@code eth1 to 02:00:00:00:00:01}. */
    @Override
    public String toString() {
        return isEthernet ? deviceName + " to " + EthernetAddress.text(nextHop) : deviceName;
    }
}
