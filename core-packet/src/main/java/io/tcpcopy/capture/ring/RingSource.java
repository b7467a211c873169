package io.tcpcopy.capture.ring;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.SocketSource;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.MappedMemory;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.net.netlink.RoutingSocket;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Captures on a device, or all, through a packet socket (packet(7)) and its ring. Packets begin with their network header, whatever
 * the device, so one filter fits all; a tag of a VLAN is taken off by the kernel before. Only where the size of segments is wanted,
 * which the kernel does not give otherwise, they have a link header in front, which is passed over. Arrival times are the kernel's
 * wall clock.
 */
final class RingSource extends SocketSource {
    /** Options of packet sockets, {@code linux/if_packet.h}. */
    private static final int PACKET_ADD_MEMBERSHIP = 1;

    private static final int PACKET_RX_RING = 5;
    private static final int PACKET_STATISTICS = 6;
    private static final int PACKET_COPY_THRESH = 7;
    private static final int PACKET_VERSION = 10;
    private static final int PACKET_IGNORE_OUTGOING = 23;
    private static final int TPACKET_V2 = 1;
    private static final int PACKET_MR_PROMISC = 1;

    /** {@code struct packet_mreq}, {@code struct tpacket_req}, {@code struct tpacket_stats}. */
    private static final int MEMBERSHIP_LENGTH = 16;

    private static final int RING_LENGTH = 16;
    private static final int STATISTICS_LENGTH = 8;
    private static final int DROPS_OFFSET = 4;

    /** Packets a second that a busy host may get. */
    private static final int BUSY = 30_000;

    /** Pieces that the kernel finds even where its memory is scattered. */
    private static final int BLOCK_BYTES = 64 << 10;

    /** The longest packet that the kernel merges, as long as IPv4 knows none that is longer. */
    private static final int LONGEST_PACKET = 65536;

    /** The longest link header, far from being reached. */
    private static final int LONGEST_LINK_HEADER = 256;

    private static final int LONGEST_MESSAGE = FrameRing.VIRTIO_LENGTH + LONGEST_LINK_HEADER + LONGEST_PACKET;

    private final RingSettings wanted;
    /** Its instructions: opened again, the source does not ask a name server, which may be behind the device that is gone. */
    private final byte[] filter;

    /** The same, or what the kernel grants instead. */
    private RingSettings granted;

    private final NativeMemory longPacket = NativeMemory.allocate(LONGEST_MESSAGE, ByteOrder.BIG_ENDIAN);
    private final byte[] statistics = new byte[STATISTICS_LENGTH];
    private final SocketQueue queue = new SocketQueue();
    private int interfaceIndex;
    private boolean deviceWentDown;
    private MappedMemory memory;
    private final RingReader reader = new RingReader(queue);
    private long drops;

    private RingSource(RingSettings settings) throws CaptureException {
        super(settings);
        filter = RingFilter.compile(settings);
        wanted = settings;
        granted = settings;
    }

    static RingSource open(RingSettings settings) throws CaptureException {
        RingSource source = new RingSource(settings);
        source.activate();
        return source;
    }

    @Override
    public String description() {
        long bridgedMs = TimeUnit.SECONDS.toMillis(granted.ringBytes() / granted.frameSize()) / BUSY;
        return name() + " (ring, which holds " + bridgedMs + " ms of " + BUSY + " packets a second)";
    }

    @Override
    protected int read(PacketHandler handler, int limit) {
        return reader.read(handler, limit);
    }

    private final class SocketQueue implements RingReader.Queue {
        @Override
        public int receive() {
            int length = receiveOnce();
            if (length == -Errno.ENETDOWN) {
                // What isDeviceGone asks for, which the kernel says in front of what waits.
                deviceWentDown = true;
                length = receiveOnce();
            }
            return Math.max(-1, length);
        }

        private int receiveOnce() {
            // There packets are whole, however little the filter keeps of them.
            int front = wanted.segmentSizes() ? FrameRing.VIRTIO_LENGTH : 0;
            int most = Math.min(LONGEST_MESSAGE, front + wanted.snapshotLength());
            return Libc.receive(descriptor(), longPacket.address(0, most), most, 0);
        }

        @Override
        public ByteBuffer buffer() {
            return longPacket.buffer();
        }
    }

    @Override
    public long notIpv4() {
        return reader.notIpv4();
    }

    @Override
    public long ipv6() {
        return reader.ipv6();
    }

    /** Those included of which only the beginning was kept, because the queue for long packets was full. */
    @Override
    public long kernelDrops() {
        if (isOpen() && Libc.getOption(descriptor(), Libc.SOL_PACKET, PACKET_STATISTICS, statistics) >= 0) {
            // The kernel begins again at zero each time.
            drops += Integer.toUnsignedLong(
                    ByteBuffer.wrap(statistics).order(ByteOrder.nativeOrder()).getInt(DROPS_OFFSET));
        }
        return drops + reader.cut();
    }

    @Override
    public long ringBytes() {
        return isOpen() ? granted.ringBytes() : 0;
    }

    @Override
    protected void closing() {
        kernelDrops();
        reader.detach();
        memory.close();
    }

    @Override
    protected int openSocket() throws CaptureException {
        deviceWentDown = false;
        interfaceIndex = wanted.isAny() ? 0 : findDevice();
        // Without a protocol it gets nothing yet.
        int type = wanted.segmentSizes() ? Libc.SOCK_RAW : Libc.SOCK_DGRAM;
        try (OpenedTogether opened = new OpenedTogether()) {
            int socket = opened.add(
                    check(Libc.socket(Libc.AF_PACKET, type | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0)), Libc::close);
            checkRing(Libc.setOption(socket, Libc.SOL_PACKET, PACKET_VERSION, TPACKET_V2));
            checkRing(Libc.setOption(socket, Libc.SOL_PACKET, PACKET_COPY_THRESH, 1));
            if (wanted.outgoing().isEmpty()) {
                // Since Linux 4.20; before, the filter drops them.
                Libc.setOption(socket, Libc.SOL_PACKET, PACKET_IGNORE_OUTGOING, 1);
            }
            if (wanted.segmentSizes()) {
                checkRing(Libc.setOption(socket, Libc.SOL_PACKET, Libc.PACKET_VNET_HDR, 1));
            }
            check(Libc.attachFilter(socket, filter));
            granted = setReceiveBuffer(socket, wanted.queueBytes()) ? wanted : wanted.withSmallQueue();
            checkRing(Libc.setOption(socket, Libc.SOL_PACKET, PACKET_RX_RING, ring()));
            MappedMemory mapped = opened.add(map(socket), MappedMemory::close);
            if (interfaceIndex != 0) {
                check(Libc.setOption(socket, Libc.SOL_PACKET, PACKET_ADD_MEMBERSHIP, promiscuous()));
            }
            check(Libc.bind(socket, SocketAddress.everyPacket(interfaceIndex)));
            reader.attach(new FrameRing(mapped.buffer(), granted.frameSize(), wanted.segmentSizes()));
            memory = mapped;
            opened.keep();
            return socket;
        }
    }

    private int findDevice() throws CaptureException {
        Optional<Link> link = link();
        if (link.isEmpty()) {
            throw new CaptureException(Reason.UNUSABLE_DEVICE, "there is no device " + name());
        }
        if (!link.get().isUp()) {
            throw new CaptureException(Reason.FAILED, "the device " + name() + " is down");
        }
        return link.get().interfaceIndex();
    }

    private Optional<Link> link() throws CaptureException {
        try (RoutingSocket requests = RoutingSocket.forRequests()) {
            return requests.link(name());
        } catch (StartException e) {
            throw new CaptureException(Reason.FAILED, e.getMessage());
        }
    }

    /**
     * The kernel reports a device that goes down, once, by an error that it reports for one that is removed as well, but not for one that is
     * down by then.
     */
    @Override
    protected boolean isDeviceGone() {
        if (interfaceIndex == 0) {
            return false;
        }
        deviceWentDown |= Libc.getOption(descriptor(), Libc.SOL_SOCKET, Libc.SO_ERROR) != 0;
        return deviceWentDown && isLinkGone();
    }

    private boolean isLinkGone() {
        try {
            Optional<Link> link = link().filter(found -> found.interfaceIndex() == interfaceIndex);
            deviceWentDown = link.filter(Link::isUp).isEmpty();
            return link.isEmpty();
        } catch (CaptureException e) {
            return false;
        }
    }

    private byte[] ring() {
        int frames = granted.ringBytes() / granted.frameSize();
        return ByteBuffer.allocate(RING_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putInt(BLOCK_BYTES)
                .putInt(granted.ringBytes() / BLOCK_BYTES)
                .putInt(granted.frameSize())
                .putInt(frames)
                .array();
    }

    private MappedMemory map(int opened) throws CaptureException {
        try {
            return MappedMemory.of(opened, granted.ringBytes());
        } catch (StartException e) {
            throw withoutRing(e.getMessage());
        }
    }

    private byte[] promiscuous() {
        return ByteBuffer.allocate(MEMBERSHIP_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putInt(interfaceIndex)
                .putShort((short) PACKET_MR_PROMISC)
                .array();
    }

    /** Sandboxes lack what rings are made of, and where memory is scattered the kernel finds none. */
    private void checkRing(int result) throws CaptureException {
        if (result < 0) {
            throw withoutRing(Errno.message(-result));
        }
    }

    private CaptureException withoutRing(String reason) {
        return new CaptureException(Reason.UNSUPPORTED, "the kernel gives no ring: " + reason);
    }
}
