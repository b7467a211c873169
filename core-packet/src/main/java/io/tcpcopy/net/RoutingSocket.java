package io.tcpcopy.net;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;

/**
 * A routing netlink socket (rtnetlink(7)): asks for routes, devices and neighbours, or hears of changes. A socket does
 * either: an answer must not stand behind news. The kernel answers within the request, so asking does not wait.
 */
public final class RoutingSocket implements AutoCloseable {
    /** States of a neighbour entry, {@code linux/neighbour.h}: no entry. */
    public static final int NUD_NONE = 0;
    /** Asked for, and no answer yet: packets queue up behind the question. */
    public static final int NUD_INCOMPLETE = 0x01;
    /** Known to answer. */
    public static final int NUD_REACHABLE = 0x02;
    /** Known, not confirmed for a while. */
    public static final int NUD_STALE = 0x04;
    /** In use again, about to be asked. */
    public static final int NUD_DELAY = 0x08;
    /** Being asked; packets still go to the address known. */
    public static final int NUD_PROBE = 0x10;
    /** Does not answer. */
    public static final int NUD_FAILED = 0x20;
    /** On a device without addresses. */
    public static final int NUD_NOARP = 0x40;
    /** Set by hand. */
    public static final int NUD_PERMANENT = 0x80;

    /** Flags of devices, {@code linux/if.h}: the device is up. */
    public static final int IFF_UP = 0x1;
    /** The loopback device. */
    public static final int IFF_LOOPBACK = 0x8;
    /** A link with one other end. */
    public static final int IFF_POINTOPOINT = 0x10;
    /** A device that resolves no addresses. */
    public static final int IFF_NOARP = 0x80;

    /** How many datagrams one call of {@link #readNews} takes. */
    private static final int MAX_DATAGRAMS = 64;

    /** Groups of {@code linux/rtnetlink.h}. */
    private static final int RTMGRP_LINK = 0x1;

    private static final int RTMGRP_NEIGH = 0x4;
    private static final int RTMGRP_IPV4_ROUTE = 0x40;

    private static final int NETLINK_ROUTE = 0;

    private static final int RTM_NEWLINK = 16;
    private static final int RTM_DELLINK = 17;
    private static final int RTM_GETLINK = 18;
    private static final int RTM_NEWROUTE = 24;
    private static final int RTM_DELROUTE = 25;
    private static final int RTM_GETROUTE = 26;
    private static final int RTM_NEWNEIGH = 28;
    private static final int RTM_DELNEIGH = 29;
    private static final int RTM_GETNEIGH = 30;

    /** {@code struct rtmsg}. */
    private static final int ROUTE_LENGTH = 12;

    private static final int ROUTE_TYPE_OFFSET = 7;
    private static final int RTN_LOCAL = 2;
    private static final int RTA_DST = 1;
    private static final int RTA_OIF = 4;
    private static final int RTA_GATEWAY = 5;
    /** The next hop when its address is of another family than the destination's. */
    private static final int RTA_VIA = 18;
    /** Length of the family in front of that address. */
    private static final int VIA_FAMILY_LENGTH = 2;

    /** {@code struct ifinfomsg}. */
    private static final int LINK_LENGTH = 16;

    private static final int LINK_INDEX_OFFSET = 4;
    private static final int LINK_FLAGS_OFFSET = 8;

    private static final int IFLA_IFNAME = 3;
    private static final int IFLA_MTU = 4;
    /** {@code IFNAMSIZ}: the name of a device with the zero byte behind it. */
    private static final int MAX_NAME_LENGTH = 16;

    /** {@code struct ndmsg}. */
    private static final int NEIGHBOUR_LENGTH = 12;

    private static final int NEIGHBOUR_INDEX_OFFSET = 4;
    private static final int NEIGHBOUR_STATE_OFFSET = 8;
    private static final int NDA_DST = 1;

    /** The kernel sends parts of at most 32 KB. */
    private static final int RECEIVE_BYTES = 32 * 1024;

    private final NetlinkSocket socket;
    private final NetlinkMessages messages;

    /**
     * The way to a destination.
     *
     * @param interfaceIndex the device
     * @param gateway IPv4 or IPv6 address (RFC 5549) of the next hop; empty when the destination is on the link itself
     * @param local whether the destination is this host
     */
    public record Route(int interfaceIndex, Optional<InetAddress> gateway, boolean local) {
        /** There is no way: the kernel refuses packets to that destination. */
        public static final Route NONE = new Route(0, Optional.empty(), false);
    }

    /**
     * A network device.
     *
     * @param interfaceIndex another one than that of a former device of its name
     * @param flags the {@code IFF_} flags
     * @param mtu the longest packet, in bytes
     */
    public record Link(int interfaceIndex, int flags, int mtu) {
        /** Whether the device is up. */
        public boolean isUp() {
            return (flags & IFF_UP) != 0;
        }
    }

    private RoutingSocket(int groups) throws StartException {
        socket = new NetlinkSocket(NETLINK_ROUTE, groups, RECEIVE_BYTES, "ask the kernel about routes");
        messages = socket.messages();
    }

    /** A socket to ask with. */
    public static RoutingSocket forQuestions() throws StartException {
        return new RoutingSocket(0);
    }

    /** A socket that hears of changes of IPv4 routes, neighbours and devices. */
    public static RoutingSocket forNews() throws StartException {
        return new RoutingSocket(RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_ROUTE);
    }

    /** The descriptor, readable when there is news. */
    public int fd() {
        return socket.fd();
    }

    @Override
    public void close() {
        socket.close();
    }

    /** Asks for the route that packets to a destination take; empty when the kernel gave no answer. */
    public Optional<Route> route(int destination) {
        ByteBuffer buffer = socket.begin(RTM_GETROUTE, NetlinkSocket.NLM_F_REQUEST);
        buffer.put((byte) Libc.AF_INET).put((byte) Integer.SIZE);
        buffer.position(NetlinkMessages.HEADER_LENGTH + ROUTE_LENGTH);
        buffer.putShort((short) (NetlinkMessages.ATTRIBUTE_HEADER_LENGTH + Integer.BYTES));
        buffer.putShort((short) RTA_DST).putInt(NetlinkMessages.networkOrder(destination));
        if (!socket.ask()) {
            return Optional.empty();
        }
        if (!isAnswer(RTM_NEWROUTE, ROUTE_LENGTH)) {
            return Optional.of(Route.NONE);
        }
        int device = messages.findInt(ROUTE_LENGTH, RTA_OIF);
        return Optional.of(new Route(
                device < 0 ? 0 : socket.received().getInt(device),
                gateway(),
                messages.bodyByte(ROUTE_TYPE_OFFSET) == RTN_LOCAL));
    }

    private Optional<InetAddress> gateway() {
        byte[] via = messages.findBytes(ROUTE_LENGTH, RTA_VIA);
        return SocketAddress.inet(
                via.length > VIA_FAMILY_LENGTH
                        ? Arrays.copyOfRange(via, VIA_FAMILY_LENGTH, via.length)
                        : messages.findBytes(ROUTE_LENGTH, RTA_GATEWAY));
    }

    /** Asks for the {@code IFF_} flags of a device; 0 when there is no such device. */
    public int linkFlags(int interfaceIndex) {
        socket.begin(RTM_GETLINK, NetlinkSocket.NLM_F_REQUEST)
                .putInt(NetlinkMessages.HEADER_LENGTH + LINK_INDEX_OFFSET, interfaceIndex)
                .position(NetlinkMessages.HEADER_LENGTH + LINK_LENGTH);
        return socket.ask() && isAnswer(RTM_NEWLINK, LINK_LENGTH) ? messages.bodyInt(LINK_FLAGS_OFFSET) : 0;
    }

    /** Asks for the device of a name; empty when there is none. */
    public Optional<Link> link(String device) {
        byte[] name = device.getBytes(UTF_8);
        if (name.length >= MAX_NAME_LENGTH) {
            return Optional.empty();
        }
        ByteBuffer buffer = socket.begin(RTM_GETLINK, NetlinkSocket.NLM_F_REQUEST)
                .position(NetlinkMessages.HEADER_LENGTH + LINK_LENGTH);
        buffer.putShort((short) (NetlinkMessages.ATTRIBUTE_HEADER_LENGTH + name.length + 1));
        buffer.putShort((short) IFLA_IFNAME).put(name).put((byte) 0);
        if (!socket.ask() || !isAnswer(RTM_NEWLINK, LINK_LENGTH)) {
            return Optional.empty();
        }
        int mtu = messages.findInt(LINK_LENGTH, IFLA_MTU);
        return mtu < 0
                ? Optional.empty()
                : Optional.of(new Link(
                        messages.bodyInt(LINK_INDEX_OFFSET),
                        messages.bodyInt(LINK_FLAGS_OFFSET),
                        socket.received().getInt(mtu)));
    }

    /**
     * Asks for all neighbours, IPv4 and IPv6.
     *
     * @return false when the answer has not come to its end
     */
    public boolean neighbours(RoutingListener listener) {
        socket.begin(RTM_GETNEIGH, NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_DUMP)
                .put((byte) Libc.AF_UNSPEC)
                .position(NetlinkMessages.HEADER_LENGTH + NEIGHBOUR_LENGTH);
        if (!socket.ask()) {
            return false;
        }
        while (isAnswer(RTM_NEWNEIGH, NEIGHBOUR_LENGTH)) {
            tellNeighbour(listener);
            if (!socket.nextAnswer()) {
                return false;
            }
        }
        return messages.type() == NetlinkMessages.NLMSG_DONE;
    }

    /**
     * Reads what has been told since.
     *
     * @return whether there may be more
     */
    public boolean readNews(RoutingListener listener) {
        for (int i = 0; i < MAX_DATAGRAMS; i++) {
            int length = socket.receive();
            if (length == -Errno.ENOBUFS) {
                listener.messagesLost();
            } else if (length <= 0) {
                return false;
            }
            while (messages.next()) {
                tell(listener);
            }
        }
        return true;
    }

    private void tell(RoutingListener listener) {
        switch (messages.type()) {
            case RTM_NEWNEIGH, RTM_DELNEIGH -> tellNeighbour(listener);
            case RTM_NEWROUTE, RTM_DELROUTE, RTM_NEWLINK, RTM_DELLINK -> listener.routesChanged();
            default -> {
                // Of other things there is nothing to be done.
            }
        }
    }

    private void tellNeighbour(RoutingListener listener) {
        if (!messages.hasBody(NEIGHBOUR_LENGTH) || !isInternet(messages.bodyByte(0))) {
            return;
        }
        boolean gone = messages.type() == RTM_DELNEIGH;
        int state = gone ? NUD_NONE : messages.bodyShort(NEIGHBOUR_STATE_OFFSET);
        SocketAddress.inet(messages.findBytes(NEIGHBOUR_LENGTH, NDA_DST))
                .ifPresent(address -> listener.neighbour(messages.bodyInt(NEIGHBOUR_INDEX_OFFSET), address, state));
    }

    /** Bridges tell of theirs as well. */
    private static boolean isInternet(int family) {
        return family == Libc.AF_INET || family == Libc.AF_INET6;
    }

    /** Whether the message is what was asked for, and not an error or the end. */
    private boolean isAnswer(int type, int bodyLength) {
        return messages.type() == type && messages.hasBody(bodyLength);
    }
}
