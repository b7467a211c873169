package io.tcpcopy.net.netlink;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.EthernetAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A routing netlink socket (rtnetlink(7)): requests routes, devices and neighbours, or receives events, which are
 * changes of them. A socket does either, so that the next message is always the answer to a request. The kernel answers
 * within the system call that sends the request, so a request does not wait.
 */
public final class RoutingSocket implements AutoCloseable {
    /** States of a neighbour entry, {@code linux/neighbour.h}: no entry. */
    public static final int NUD_NONE = 0;
    /** Confirmed lately. */
    public static final int NUD_REACHABLE = 0x02;
    /** Not confirmed for a while. */
    public static final int NUD_STALE = 0x04;
    /** Not confirmed for a while and in use again: about to be probed. */
    public static final int NUD_DELAY = 0x08;
    /** Being probed; packets still go to the address known. */
    public static final int NUD_PROBE = 0x10;
    /** On a device that resolves no addresses. */
    public static final int NUD_NOARP = 0x40;
    /** Set by an administrator: never probed. */
    public static final int NUD_PERMANENT = 0x80;

    /** How many datagrams one call of {@link #readEvents} takes. */
    private static final int MAX_DATAGRAMS = 64;

    /** Multicast groups of {@code linux/rtnetlink.h}. */
    private static final int RTMGRP_LINK = 0x1;

    private static final int RTMGRP_NEIGH = 0x4;
    private static final int RTMGRP_IPV4_ROUTE = 0x40;

    /** The protocol, of {@code linux/netlink.h}. */
    private static final int NETLINK_ROUTE = 0;

    /** Types of messages, of {@code linux/rtnetlink.h}. */
    private static final int RTM_NEWLINK = 16;

    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_GETNEIGH = 30;
    private static final int RTM_NEWNEXTHOP = 104;
    private static final int RTM_GETNEXTHOP = 106;

    /** {@code struct rtmsg}, with attributes of {@code linux/rtnetlink.h}. */
    private static final int ROUTE_LENGTH = 12;

    private static final int ROUTE_TYPE_OFFSET = 7;
    private static final int ROUTE_FLAGS_OFFSET = 8;
    /** The answer is the entry of the table that was found, with all its next hops (since Linux 4.13). */
    private static final int RTM_F_FIB_MATCH = 0x2000;

    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    private static final int RTA_METRICS = 8;
    private static final int RTAX_MTU = 2;
    private static final int RTA_MULTIPATH = 9;
    /** The next hop when its address is of another family than the destination's. */
    private static final int RTA_VIA = 18;
    /** Length of the family in front of that address. */
    private static final int VIA_FAMILY_LENGTH = 2;

    private static final int RTA_ENCAP_TYPE = 21;
    /** The number of the object that has the next hop, or several. */
    private static final int RTA_NH_ID = 30;

    /** {@code struct nhmsg}, with attributes of {@code linux/nexthop.h}. */
    private static final int NEXT_HOP_LENGTH = 8;

    private static final int NHA_ID = 1;
    private static final int NHA_GROUP = 2;

    /** {@code struct ifinfomsg}, with attributes of {@code linux/if_link.h}. */
    private static final int LINK_LENGTH = 16;

    private static final int LINK_TYPE_OFFSET = 2;
    private static final int LINK_INDEX_OFFSET = 4;
    private static final int LINK_FLAGS_OFFSET = 8;

    private static final int IFLA_ADDRESS = 1;
    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    private static final int IFLA_LINKINFO = 18;
    private static final int IFLA_INFO_KIND = 1;
    /** {@code IFNAMSIZ}: the name of a device with the zero byte behind it. */
    private static final int MAX_NAME_LENGTH = 16;

    /** {@code struct ndmsg}, with attributes of {@code linux/neighbour.h}. */
    private static final int NEIGHBOUR_LENGTH = 12;

    private static final int NEIGHBOUR_INDEX_OFFSET = 4;
    private static final int NEIGHBOUR_STATE_OFFSET = 8;
    private static final int NDA_DST = 1;
    private static final int NDA_LLADDR = 2;

    /** The kernel sends parts of at most 32 KB. */
    private static final int RECEIVE_BYTES = 32 * 1024;

    private final NetlinkSocket socket;
    private final NetlinkMessages messages;

    private RoutingSocket(int groups) throws StartException {
        socket = new NetlinkSocket(NETLINK_ROUTE, groups, RECEIVE_BYTES, "ask the kernel about routes");
        messages = socket.messages();
    }

    /** A socket for requests. */
    public static RoutingSocket forRequests() throws StartException {
        return new RoutingSocket(0);
    }

    /** A socket for events: changes of IPv4 routes, neighbours and devices. */
    public static RoutingSocket forEvents() throws StartException {
        return new RoutingSocket(RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_ROUTE);
    }

    /** The descriptor, readable when there are events. */
    public int fd() {
        return socket.fd();
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Requests the route that packets to a destination take; empty when the kernel gave no answer. */
    public Optional<Route> route(Address destination) {
        if (!requestRoute(destination, 0)) {
            return Optional.empty();
        }
        if (!isAnswer(RTM_NEWROUTE, ROUTE_LENGTH)) {
            return Optional.of(Route.NONE);
        }
        int type = messages.bodyByte(ROUTE_TYPE_OFFSET);
        int device = valueAt(messages.findInt(ROUTE_LENGTH, RTA_OIF));
        Optional<InetAddress> gateway = gateway();
        int mtu = valueAt(messages.findNestedInt(ROUTE_LENGTH, RTA_METRICS, RTAX_MTU));
        boolean isEncapsulating = messages.has(ROUTE_LENGTH, RTA_ENCAP_TYPE);
        boolean hasSeveralNextHops = requestRoute(destination, RTM_F_FIB_MATCH)
                && isAnswer(RTM_NEWROUTE, ROUTE_LENGTH)
                && showsSeveralNextHops();
        return Optional.of(new Route(type, device, gateway, mtu, hasSeveralNextHops, isEncapsulating));
    }

    private boolean requestRoute(Address destination, int flags) {
        ByteBuffer buffer = socket.begin(RTM_GETROUTE, NetlinkSocket.NLM_F_REQUEST);
        buffer.put((byte) Libc.AF_INET).put((byte) Integer.SIZE);
        buffer.putInt(NetlinkMessages.HEADER_LENGTH + ROUTE_FLAGS_OFFSET, flags);
        buffer.position(NetlinkMessages.HEADER_LENGTH + ROUTE_LENGTH);
        buffer.putShort((short) (NetlinkMessages.ATTRIBUTE_HEADER_LENGTH + Integer.BYTES));
        buffer.putShort((short) RTA_DST).putInt(NetlinkMessages.networkOrder(destination.bits()));
        return socket.request();
    }

    /** With {@code net.ipv4.nexthop_compat_mode} 0, routes by objects show their number alone. */
    private boolean showsSeveralNextHops() {
        int object = messages.findInt(ROUTE_LENGTH, RTA_NH_ID);
        boolean showsNone = !messages.has(ROUTE_LENGTH, RTA_OIF);
        return messages.has(ROUTE_LENGTH, RTA_MULTIPATH) || object >= 0 && showsNone && !isOneNextHop(valueAt(object));
    }

    /** Whether the kernel says that an object has one next hop. */
    private boolean isOneNextHop(int object) {
        socket.begin(RTM_GETNEXTHOP, NetlinkSocket.NLM_F_REQUEST)
                .position(NetlinkMessages.HEADER_LENGTH + NEXT_HOP_LENGTH)
                .putShort((short) (NetlinkMessages.ATTRIBUTE_HEADER_LENGTH + Integer.BYTES))
                .putShort((short) NHA_ID)
                .putInt(object);
        return socket.request()
                && isAnswer(RTM_NEWNEXTHOP, NEXT_HOP_LENGTH)
                && !messages.has(NEXT_HOP_LENGTH, NHA_GROUP);
    }

    /** The number at an index of what was received; 0 where there is none. */
    private int valueAt(int index) {
        return index < 0 ? 0 : socket.received().getInt(index);
    }

    private Optional<InetAddress> gateway() {
        byte[] via = messages.findBytes(ROUTE_LENGTH, RTA_VIA);
        return SocketAddress.inet(
                via.length > VIA_FAMILY_LENGTH
                        ? Arrays.copyOfRange(via, VIA_FAMILY_LENGTH, via.length)
                        : messages.findBytes(ROUTE_LENGTH, RTA_GATEWAY));
    }

    /** Requests the device of a number; empty when there is none. */
    public Optional<Link> link(int interfaceIndex) {
        socket.begin(RTM_GETLINK, NetlinkSocket.NLM_F_REQUEST)
                .putInt(NetlinkMessages.HEADER_LENGTH + LINK_INDEX_OFFSET, interfaceIndex)
                .position(NetlinkMessages.HEADER_LENGTH + LINK_LENGTH);
        return requestLink();
    }

    /** Requests the device of a name; empty when there is none. */
    public Optional<Link> link(String device) {
        byte[] name = device.getBytes(UTF_8);
        if (name.length >= MAX_NAME_LENGTH) {
            return Optional.empty();
        }
        ByteBuffer buffer = socket.begin(RTM_GETLINK, NetlinkSocket.NLM_F_REQUEST)
                .position(NetlinkMessages.HEADER_LENGTH + LINK_LENGTH);
        buffer.putShort((short) (NetlinkMessages.ATTRIBUTE_HEADER_LENGTH + name.length + 1));
        buffer.putShort((short) IFLA_IFNAME).put(name).put((byte) 0);
        return requestLink();
    }

    private Optional<Link> requestLink() {
        if (!socket.request() || !isAnswer(RTM_NEWLINK, LINK_LENGTH)) {
            return Optional.empty();
        }
        return Optional.of(new Link(
                messages.bodyInt(LINK_INDEX_OFFSET),
                text(messages.findBytes(LINK_LENGTH, IFLA_IFNAME)),
                messages.bodyShort(LINK_TYPE_OFFSET),
                text(messages.findNestedBytes(LINK_LENGTH, IFLA_LINKINFO, IFLA_INFO_KIND)),
                messages.bodyInt(LINK_FLAGS_OFFSET),
                valueAt(messages.findInt(LINK_LENGTH, IFLA_MTU)),
                EthernetAddress.read(messages.findBytes(LINK_LENGTH, IFLA_ADDRESS))));
    }

    /** A text without the zero byte that comes along behind it. */
    private static String text(byte[] bytes) {
        return new String(bytes, 0, Math.max(0, bytes.length - 1), UTF_8);
    }

    /**
     * Requests all neighbours, IPv4 and IPv6.
     *
     * @return false when the answer was incomplete
     */
    public boolean neighbours(RoutingListener listener) {
        socket.begin(RTM_GETNEIGH, NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_DUMP)
                .put((byte) Libc.AF_UNSPEC)
                .position(NetlinkMessages.HEADER_LENGTH + NEIGHBOUR_LENGTH);
        if (!socket.request()) {
            return false;
        }
        while (isAnswer(RTM_NEWNEIGH, NEIGHBOUR_LENGTH)) {
            reportNeighbour(listener);
            if (!socket.nextAnswer()) {
                return false;
            }
        }
        return messages.type() == NetlinkMessages.NLMSG_DONE;
    }

    /**
     * Reads the events that have come.
     *
     * @return whether there may be more
     */
    public boolean readEvents(RoutingListener listener) {
        for (int i = 0; i < MAX_DATAGRAMS; i++) {
            int length = socket.receive();
            if (length == -Errno.ENOBUFS) {
                listener.messagesLost();
            } else if (length <= 0) {
                return false;
            }
            while (messages.next()) {
                report(listener);
            }
        }
        return true;
    }

    private void report(RoutingListener listener) {
        switch (messages.type()) {
            case RTM_NEWNEIGH, RTM_DELNEIGH -> reportNeighbour(listener);
            case RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWLINK, RTM_DELLINK -> listener.routesChanged();
            default -> {
                // No other type is of interest.
            }
        }
    }

    private void reportNeighbour(RoutingListener listener) {
        if (!messages.hasBody(NEIGHBOUR_LENGTH) || !isInternet(messages.bodyByte(0))) {
            return;
        }
        boolean gone = messages.type() == RTM_DELNEIGH;
        int state = gone ? NUD_NONE : messages.bodyShort(NEIGHBOUR_STATE_OFFSET);
        SocketAddress.inet(messages.findBytes(NEIGHBOUR_LENGTH, NDA_DST))
                .ifPresent(address -> listener.neighbour(
                        messages.bodyInt(NEIGHBOUR_INDEX_OFFSET),
                        address,
                        state,
                        EthernetAddress.read(messages.findBytes(NEIGHBOUR_LENGTH, NDA_LLADDR))));
    }

    /** Bridges report their neighbours as well, under a family of their own. */
    private static boolean isInternet(int family) {
        return family == Libc.AF_INET || family == Libc.AF_INET6;
    }

    /** Whether the message is what was requested, and not an error or the end. */
    private boolean isAnswer(int type, int bodyLength) {
        return messages.type() == type && messages.hasBody(bodyLength);
    }
}
