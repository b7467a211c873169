package io.tcpcopy.inject.frame;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.inject.MessageBatch;
import io.tcpcopy.inject.Outlet;
import io.tcpcopy.inject.Segmenter;
import io.tcpcopy.inject.route.LinkPath;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.EthernetAddress;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.LinkLayer;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Frames leave through a packet socket (packet(7)): Ethernet frames, or IP packets on devices that take those. They
 * pass none of the kernel's routes, firewall, address translation, connection tracking and neighbour table, so the kernel of this
 * network stack never answers one to its source. They do pass traffic control and the device's queue.
 *
 * <p>Each begins with a virtio header, which leaves it to the kernel or the card to cut a TCP packet into segments and to fill
 * in its checksum. Two kinds are cut here: datagrams, which it would not cut into fragments, and packets with urgent data, whose
 * pointer it would leave as it is.
 */
public final class FrameOutlet implements Outlet {
    /** {@code struct virtio_net_hdr} of {@code linux/virtio_net.h}: in the machine's byte order. */
    private static final int VIRTIO_LENGTH = 10;

    private static final int VIRTIO_FLAGS_OFFSET = 0;
    private static final int VIRTIO_GSO_TYPE_OFFSET = 1;
    private static final int VIRTIO_HEADERS_LENGTH_OFFSET = 2;
    private static final int VIRTIO_GSO_SIZE_OFFSET = 4;
    private static final int VIRTIO_CHECKSUM_START_OFFSET = 6;
    private static final int VIRTIO_CHECKSUM_OFFSET = 8;
    /** The checksum is to be filled in: until then its field holds the sum of the pseudo header. */
    private static final byte VIRTIO_NEEDS_CHECKSUM = 1;
    /** To be cut into segments of TCP over IPv4. */
    private static final byte VIRTIO_GSO_TCPV4 = 1;

    /** An Ethernet header: two addresses and the type (IEEE 802.3). */
    private static final int ETHERNET_LENGTH = 2 * EthernetAddress.LENGTH + Short.BYTES;

    /** Packets in a device's queue count as the socket's, and a megabyte and more of them is usual. */
    private static final int SEND_BUFFER_BYTES = 4 << 20;

    private final FrameGate paths;
    private final Segmenter segmenter = new Segmenter();
    private final int fd;

    /**
     * Opens the socket.
     *
     * @param paths where frames go
     * @throws StartException when the capability CAP_NET_RAW is missing, or the kernel knows no virtio headers here
     */
    public FrameOutlet(FrameGate paths) throws StartException {
        this.paths = paths;
        // Of no protocol: it receives nothing.
        fd = Libc.socket(Libc.AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0);
        if (fd == -Errno.EPERM || fd == -Errno.EACCES) {
            throw new StartException(
                    Code.PRIVILEGE, "no permission to inject frames: " + StartException.NET_RAW_NEEDED);
        }
        int result = fd < 0 ? fd : Libc.setOption(fd, Libc.SOL_PACKET, Libc.PACKET_VNET_HDR, 1);
        if (result < 0) {
            close();
            throw new StartException("the kernel has no packet socket with virtio headers: " + Errno.message(-result));
        }
        if (Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, SEND_BUFFER_BYTES) < 0) {
            // Without CAP_NET_ADMIN there is an upper bound, and less is good enough.
            Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, SEND_BUFFER_BYTES);
        }
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public int addressLength() {
        return SocketAddress.PACKET_LENGTH;
    }

    @Override
    public boolean write(OutgoingPacket packet, int target, int mtu, MessageBatch batch) {
        boolean isTcp = packet.ip().protocol() == Ipv4Header.PROTOCOL_TCP;
        int segmentSize = Segmenter.segmentSize(packet, mtu);
        boolean isLong = packet.payloadLength() > segmentSize;
        if (!isTcp || isLong && packet.tcp().has(TcpHeader.URG)) {
            return writeParts(packet, target, mtu, batch);
        }
        if (!batch.hasRoom(1, headersLength(target) + packet.length())) {
            return false;
        }
        int frame = add(packet.length(), target, batch);
        int ip = frame + headersLength(target);
        int linkLength = ip - frame - VIRTIO_LENGTH;
        segmenter.writeUncut(packet, batch.bytes(), ip, mtu);
        ByteBuffer bytes = batch.bytes();
        bytes.put(frame + VIRTIO_FLAGS_OFFSET, VIRTIO_NEEDS_CHECKSUM);
        putShort(bytes, frame + VIRTIO_CHECKSUM_START_OFFSET, linkLength + Ipv4Header.MIN_LENGTH);
        putShort(bytes, frame + VIRTIO_CHECKSUM_OFFSET, TcpHeader.CHECKSUM_OFFSET);
        if (isLong) {
            bytes.put(frame + VIRTIO_GSO_TYPE_OFFSET, VIRTIO_GSO_TCPV4);
            putShort(bytes, frame + VIRTIO_HEADERS_LENGTH_OFFSET, linkLength + packet.headersLength());
            putShort(bytes, frame + VIRTIO_GSO_SIZE_OFFSET, segmentSize);
        }
        batch.endPacket();
        return true;
    }

    private boolean writeParts(OutgoingPacket packet, int target, int mtu, MessageBatch batch) {
        segmenter.begin(packet, mtu);
        int headersLength = headersLength(target);
        int number = segmenter.parts();
        if (!batch.hasRoom(number, number * headersLength + segmenter.partsLength())) {
            return false;
        }
        while (segmenter.hasNext()) {
            int frame = add(segmenter.nextLength(), target, batch);
            segmenter.writeNext(batch.bytes(), frame + headersLength);
        }
        batch.endPacket();
        return true;
    }

    /** Bytes in front of the IP header. */
    private int headersLength(int target) {
        return paths.path(target).isEthernet() ? VIRTIO_LENGTH + ETHERNET_LENGTH : VIRTIO_LENGTH;
    }

    /** Adds a frame with its Ethernet header and an empty virtio header; returns where it begins. */
    private int add(int packetLength, int target, MessageBatch batch) {
        LinkPath path = paths.path(target);
        int frame = batch.add(headersLength(target) + packetLength, target);
        SocketAddress.putDevice(batch.addresses(), batch.addressOffset(), path.interfaceIndex(), LinkLayer.TYPE_IPV4);
        ByteBuffer bytes = batch.bytes();
        bytes.putLong(frame, 0).putShort(frame + Long.BYTES, (short) 0);
        if (path.isEthernet()) {
            int ethernet = frame + VIRTIO_LENGTH;
            putAddress(bytes, ethernet, path.nextHop());
            putAddress(bytes, ethernet + EthernetAddress.LENGTH, path.source());
            bytes.putShort(ethernet + 2 * EthernetAddress.LENGTH, (short) LinkLayer.TYPE_IPV4);
        }
        return frame;
    }

    private static void putAddress(ByteBuffer bytes, int offset, long address) {
        bytes.putShort(offset, (short) (address >>> Integer.SIZE)).putInt(offset + Short.BYTES, (int) address);
    }

    /** Writes a number in the machine's byte order. */
    private static void putShort(ByteBuffer bytes, int offset, int value) {
        boolean asItIs = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
        bytes.putShort(offset, asItIs ? (short) value : Short.reverseBytes((short) value));
    }

    @Override
    public int send(MessageBatch batch, int index, int number) {
        return Libc.sendMessages(fd, batch.address(index, number), number, 0);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
