package io.tcpcopy.inject.frame;

import com.sun.jna.Native;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.RoutingSocket;
import io.tcpcopy.net.netlink.RoutingSocket.Link;
import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.EthernetAddress;
import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.BpfProgram;
import org.pcap4j.core.BpfProgram.BpfCompileMode;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.BlockingMode;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.PcapNetworkInterface.PromiscuousMode;
import org.pcap4j.packet.namednumber.DataLinkType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where packets leave as Ethernet frames: a device, through libpcap. They pass none of the kernel's routes, firewall
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

    /** A handle of libpcap always captures: here with little memory, and a filter that no packet passes. */
    private static final int SNAPSHOT_LENGTH = 64;

    private static final int BUFFER_BYTES = 1 << 18;
    private static final String NO_PACKET = "less 0";

    /** Result of pcap_activate(3PCAP), from pcap/pcap.h. */
    private static final int PCAP_ERROR_PERM_DENIED = -8;

    private final String device;
    private final List<FrameRoute> routes;
    private final RoutingSocket requests;
    private final LoopTimer retryTimer;
    private final LoopTimer checkTimer;
    private final WaitingPackets queue = new WaitingPackets(MAX_QUEUED_PACKETS, MAX_QUEUED_BYTES);
    private final Ipv4Header header = new Ipv4Header();
    private final InjectCounters counters;
    /** Has room for the longest frame and no more, since pcap4j copies all of it at each call. */
    private ByteBuffer frame = ByteBuffer.allocate(0);

    private int interfaceIndex;
    /** Whether the kernel has no room for the moment. */
    private boolean waiting;
    /** Null while the device is gone. */
    private PcapHandle handle;

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
        try {
            open(link);
        } catch (PcapNativeException e) {
            boolean denied = e.getReturnCode() != null && e.getReturnCode() == PCAP_ERROR_PERM_DENIED;
            throw new StartException(
                    denied
                            ? "no permission to inject packets on " + device + ": " + StartException.NET_RAW_NEEDED
                            : "cannot inject packets on " + device + ": " + e.getMessage());
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
        return handle != null && queue.size() == 0;
    }

    @Override
    public int mtu() {
        return frame.capacity() - HEADER_LENGTH;
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
        closeHandle();
        requests.close();
    }

    /** Returns false when the kernel has no room. */
    private boolean sendFront() {
        int length = queue.frontLength();
        FrameRoute route =
                route(header.wrap(queue.buffer(), queue.frontOffset()).destination());
        int errno;
        if (handle == null) {
            errno = Errno.ENODEV;
        } else if (route == null) {
            errno = Errno.EHOSTUNREACH;
        } else if (length > mtu()) {
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
        frame.putShort(2 * EthernetAddress.LENGTH, (short) TYPE_IPV4);
        frame.put(HEADER_LENGTH, queue.buffer(), queue.frontOffset(), length);
        header.wrap(frame, HEADER_LENGTH);
        header.checksum(Checksum.ipv4(frame, HEADER_LENGTH, header.headerLength()));
    }

    private void putAddress(int offset, long address) {
        frame.putShort(offset, (short) (address >>> Integer.SIZE));
        frame.putInt(offset + Short.BYTES, (int) address);
    }

    /** Returns 0, or the errno. */
    private int sendFrame(int length) {
        try {
            handle.sendPacket(frame.array(), length);
            return 0;
        } catch (PcapNativeException e) {
            // pcap4j reports libpcap's message alone.
            return Native.getLastError();
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Notices that the device is gone, is back, or has another MTU. */
    private void check() {
        checkTimer.schedule(CHECK_INTERVAL_NS);
        Optional<Link> link = requests.link(device);
        if (handle != null && (link.isEmpty() || link.get().interfaceIndex() != interfaceIndex)) {
            LOG.warn("the device {} is gone; nothing is injected until it is back", device);
            closeHandle();
        }
        if (link.isEmpty()) {
            return;
        }
        if (handle == null && link.get().isUp()) {
            reopen(link.get());
        }
        setMtu(link.get().mtu());
    }

    private void reopen(Link link) {
        try {
            open(link);
            LOG.info("injecting on {} again", device);
        } catch (PcapNativeException | UnusableDeviceException e) {
            LOG.debug("{} cannot be opened again yet: {}", device, e.getMessage());
        }
    }

    private void open(Link link) throws PcapNativeException, UnusableDeviceException {
        PcapHandle opened = new PcapHandle.Builder(device)
                .snaplen(SNAPSHOT_LENGTH)
                .bufferSize(BUFFER_BYTES)
                .promiscuousMode(PromiscuousMode.NONPROMISCUOUS)
                .build();
        try {
            if (!opened.getDlt().equals(DataLinkType.EN10MB)) {
                throw new UnusableDeviceException("the device " + device + " is not one for Ethernet");
            }
            opened.setBlockingMode(BlockingMode.NONBLOCKING);
            captureNothing(opened);
            handle = opened;
            interfaceIndex = link.interfaceIndex();
            setMtu(link.mtu());
        } catch (NotOpenException e) {
            throw new IllegalStateException(e);
        } finally {
            if (handle != opened) {
                opened.close();
            }
        }
    }

    private static void captureNothing(PcapHandle opened) throws PcapNativeException, NotOpenException {
        // libpcap's optimiser refuses a filter that no packet can pass.
        BpfProgram program =
                opened.compileFilter(NO_PACKET, BpfCompileMode.NONOPTIMIZE, PcapHandle.PCAP_NETMASK_UNKNOWN);
        try {
            opened.setFilter(program);
        } finally {
            program.free();
        }
    }

    private void setMtu(int deviceMtu) {
        int mtu = Math.min(deviceMtu, Ipv4Header.MAX_TOTAL_LENGTH);
        if (mtu != mtu()) {
            frame = ByteBuffer.allocate(HEADER_LENGTH + mtu);
        }
    }

    private void closeHandle() {
        if (handle != null) {
            handle.close();
            handle = null;
        }
    }
}
