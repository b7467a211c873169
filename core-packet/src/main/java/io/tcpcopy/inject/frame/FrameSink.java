package io.tcpcopy.inject.frame;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.RoutingSocket;
import io.tcpcopy.net.netlink.RoutingSocket.Link;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.EthernetAddress;
import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where packets leave as Ethernet frames: a device, through a packet socket (packet(7)). They pass none of the kernel's routes, firewall
 * and neighbour table, so the kernel never answers a packet to its source, and no next hop has to be watched: a frame
 * goes to the address that the user gave, or nowhere.
 *
 * <p>A frame that the kernel refuses is counted and skipped. When it has no room for more, packets wait in a bounded
 * queue. A device that is removed is opened again when it is back; packets that should leave meanwhile are counted as
 * refused, and the sessions repeat them.
 */
public final class FrameSink implements PacketSink {
    private static final Logger LOG = LoggerFactory.getLogger(FrameSink.class);

    /** An Ethernet header: two addresses and the type (IEEE 802.3). */
    private static final int HEADER_LENGTH = 2 * EthernetAddress.LENGTH + Short.BYTES;
    /** The EtherType of IPv4 (RFC 894). */
    private static final int TYPE_IPV4 = 0x0800;

    /** Bounds of the queue, in which packets wait since the kernel may have no room for a moment. */
    private static final int MAX_QUEUED_PACKETS = 1024;

    private static final int MAX_QUEUED_BYTES = 1 << 20;

    /** How long to wait when the kernel has no room: nothing tells when it has some again. */
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /** How often the device is looked at: whether it is there, and its MTU. */
    private static final long CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /** In place of a descriptor, while the device is gone. */
    private static final int CLOSED = -1;

    private final String device;
    private final List<FrameRoute> routes;
    private final RoutingSocket requests;
    private final LoopTimer retryTimer;
    private final LoopTimer checkTimer;
    private final WaitingPackets queue = new WaitingPackets(MAX_QUEUED_PACKETS, MAX_QUEUED_BYTES);
    private final Ipv4Header header = new Ipv4Header();
    private final InjectCounters counters;
    /** A frame that leaves: there is room for the longest one. */
    private final NativeMemory frame =
            NativeMemory.allocate(HEADER_LENGTH + Ipv4Header.MAX_TOTAL_LENGTH, ByteOrder.BIG_ENDIAN);

    private int mtu;

    private int interfaceIndex;
    /** Whether the kernel has no room for the moment. */
    private boolean waiting;

    private int fd = CLOSED;

    /**
     * Opens the device.
     *
     * @throws UnusableDeviceException when there is no such device, or it is not one for Ethernet
     * @throws StartException when it is down, or the capability CAP_NET_RAW is missing
     */
    public FrameSink(EventLoop loop, FrameSettings settings) throws UnusableDeviceException, StartException {
        device = settings.device();
        routes = settings.routes();
        counters = new InjectCounters(loop::nowNs);
        requests = RoutingSocket.forRequests();
        Link link =
                requests.link(device).orElseThrow(() -> new UnusableDeviceException("there is no device " + device));
        if (!link.isUp()) {
            throw new StartException("the device " + device + " is down");
        }
        int result = open(link);
        if (result < 0) {
            boolean denied = result == -Errno.EPERM || result == -Errno.EACCES;
            throw new StartException(
                    denied
                            ? "no permission to inject packets on " + device + ": " + StartException.NET_RAW_NEEDED
                            : "cannot inject packets on " + device + ": " + Errno.message(-result));
        }
        // The turn in which it runs ends with a flush.
        retryTimer = loop.timer(() -> waiting = false);
        checkTimer = loop.timer(this::check);
        checkTimer.schedule(CHECK_INTERVAL_NS);
    }

    @Override
    public InjectCounters counters() {
        return counters;
    }

    @Override
    public boolean isReady() {
        return fd != CLOSED && queue.size() == 0;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public void send(ByteBuffer buffer, int offset, int length) {
        if (!header.wrap(buffer, offset).isValid(length)) {
            counters.failed(Errno.EINVAL);
            return;
        }
        if (length > Ipv4Header.MAX_TOTAL_LENGTH) {
            counters.failed(Errno.EMSGSIZE);
            return;
        }
        if (!queue.hasRoom(length)) {
            counters.dropped();
            return;
        }
        queue.add(buffer, offset, length);
    }

    @Override
    public boolean isBatchFull() {
        return !waiting && !queue.hasRoom(Ipv4Header.MAX_TOTAL_LENGTH);
    }

    @Override
    public void flush() {
        while (queue.size() > 0 && !waiting) {
            if (sendFront()) {
                queue.removeFront();
            } else {
                waiting = true;
                retryTimer.schedule(RETRY_NS);
            }
        }
    }

    @Override
    public void giveUp() {
        counters.add(InjectCounter.DROPPED, queue.size());
        queue.clear();
    }

    @Override
    public void close() {
        giveUp();
        retryTimer.cancel();
        checkTimer.cancel();
        closeSocket();
        requests.close();
    }

    /** Returns false when the kernel has no room. */
    private boolean sendFront() {
        int length = queue.frontLength();
        FrameRoute route =
                route(header.wrap(queue.buffer(), queue.frontOffset()).destination());
        int errno;
        if (fd == CLOSED) {
            errno = Errno.ENODEV;
        } else if (route == null) {
            errno = Errno.EHOSTUNREACH;
        } else if (length > mtu) {
            errno = Errno.EMSGSIZE;
        } else {
            write(route, length);
            errno = sendFrame(HEADER_LENGTH + length);
        }
        if (errno == Errno.EAGAIN) {
            return false;
        }
        if (errno == 0) {
            counters.add(InjectCounter.SENT, 1);
        } else {
            counters.failed(errno);
        }
        return true;
    }

    private FrameRoute route(int target) {
        for (int i = 0; i < routes.size(); i++) {
            if (routes.get(i).target().bits() == target) {
                return routes.get(i);
            }
        }
        return null;
    }

    /** Makes a frame of the packet in front. */
    private void write(FrameRoute route, int length) {
        putAddress(0, route.nextHop());
        putAddress(EthernetAddress.LENGTH, route.source());
        ByteBuffer bytes = frame.buffer();
        bytes.putShort(2 * EthernetAddress.LENGTH, (short) TYPE_IPV4);
        bytes.put(HEADER_LENGTH, queue.buffer(), queue.frontOffset(), length);
        header.wrap(bytes, HEADER_LENGTH);
        header.checksum(Checksum.ipv4(bytes, HEADER_LENGTH, header.headerLength()));
    }

    private void putAddress(int offset, long address) {
        frame.buffer().putShort(offset, (short) (address >>> Integer.SIZE));
        frame.buffer().putInt(offset + Short.BYTES, (int) address);
    }

    /** Returns 0, or the errno. */
    private int sendFrame(int length) {
        return Math.max(0, -Libc.send(fd, frame.address(0, length), length, 0));
    }

    /** Notices that the device is gone, is back, or has another MTU. */
    private void check() {
        checkTimer.schedule(CHECK_INTERVAL_NS);
        Optional<Link> link = requests.link(device);
        if (fd != CLOSED && (link.isEmpty() || link.get().interfaceIndex() != interfaceIndex)) {
            LOG.warn("the device {} is gone; nothing is injected until it is back", device);
            closeSocket();
        }
        if (link.isEmpty()) {
            return;
        }
        if (fd == CLOSED && link.get().isUp()) {
            reopen(link.get());
        }
        setMtu(link.get());
    }

    private void reopen(Link link) {
        try {
            int result = open(link);
            if (result < 0) {
                LOG.debug("{} cannot be opened again yet: {}", device, Errno.message(-result));
                return;
            }
            LOG.info("injecting on {} again", device);
        } catch (UnusableDeviceException e) {
            LOG.debug("{} cannot be opened again yet: {}", device, e.getMessage());
        }
    }

    /** Returns the descriptor, or the errno with a minus sign. */
    private int open(Link link) throws UnusableDeviceException {
        if (!link.isEthernet()) {
            throw new UnusableDeviceException("the device " + device + " is not one for Ethernet");
        }
        int opened = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (opened < 0) {
            return opened;
        }
        int result = Libc.bind(opened, SocketAddress.device(link.interfaceIndex()));
        if (result < 0) {
            Libc.close(opened);
            return result;
        }
        fd = opened;
        interfaceIndex = link.interfaceIndex();
        setMtu(link);
        return fd;
    }

    private void setMtu(Link link) {
        mtu = Math.min(link.mtu(), Ipv4Header.MAX_TOTAL_LENGTH);
    }

    private void closeSocket() {
        if (fd != CLOSED) {
            Libc.close(fd);
            fd = CLOSED;
        }
    }
}
