package io.tcpcopy.lab.badnetwork;

import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import jnr.ffi.LibraryLoader;

/** A packet socket (packet(7)) of one device, for whole {@link Frame}s of IPv4. */
final class PacketSocket implements AutoCloseable {

    private static final int AF_PACKET = 17;
    private static final int SOL_PACKET = 263;
    /** Each frame has a {@code struct virtio_net_hdr} in front, {@code linux/if_packet.h}. */
    private static final int PACKET_VNET_HDR = 15;

    private static final short NO_PROTOCOL = 0;
    private static final short ETH_P_IP = 0x0800;

    /** {@code struct sockaddr_ll}: the family and the device in the machine's byte order, the protocol in that of networks. */
    private static final int ADDRESS_LENGTH = 20;

    private static final int FAMILY_OFFSET = 0;
    private static final int PROTOCOL_OFFSET = 2;
    private static final int DEVICE_OFFSET = 4;

    /** What comes while the program does not get the processor waits here, overhead of the kernel included. */
    private static final int BUFFER_BYTES = 64 << 20;

    private static final Devices DEVICES = LibraryLoader.create(Devices.class).load("c");

    /** Functions that {@link Libc} has no use for. */
    public interface Devices {
        /** if_nametoindex(3): 0 where there is none; {@link java.net.NetworkInterface} knows none without an address. */
        int if_nametoindex(String name);
    }

    private final int fd;

    private PacketSocket(String device, short protocol) throws IOException {
        // Without a protocol nothing is received before it is bound.
        fd = check(device, Libc.socket(AF_PACKET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, NO_PROTOCOL));
        check(device, Libc.setOption(fd, SOL_PACKET, PACKET_VNET_HDR, 1));
        check(device, Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, BUFFER_BYTES));
        check(device, Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, BUFFER_BYTES));
        check(device, Libc.bind(fd, address(device, protocol)));
    }

    /** Receives what comes in at a device. */
    static PacketSocket receiving(String device) throws IOException {
        return new PacketSocket(device, ETH_P_IP);
    }

    /** Sends at a device. */
    static PacketSocket sending(String device) throws IOException {
        return new PacketSocket(device, NO_PROTOCOL);
    }

    private static byte[] address(String device, short protocol) throws IOException {
        int index = DEVICES.if_nametoindex(device);
        if (index == 0) {
            throw new IOException("there is no device " + device);
        }
        ByteBuffer address = ByteBuffer.allocate(ADDRESS_LENGTH);
        address.putShort(PROTOCOL_OFFSET, protocol);
        address.order(ByteOrder.nativeOrder())
                .putShort(FAMILY_OFFSET, (short) AF_PACKET)
                .putInt(DEVICE_OFFSET, index);
        return address.array();
    }

    private static int check(String device, int result) throws IOException {
        if (result < 0) {
            throw new IOException("packet socket of " + device + ": " + Errno.message(-result));
        }
        return result;
    }

    int fd() {
        return fd;
    }

    /** Receives a frame; returns its length, or the errno with a minus sign: {@code -EAGAIN} when there is none. */
    int receive(Frame room) {
        int length = Libc.receive(fd, room.memory().address(0, Frame.MAX_LENGTH), Frame.MAX_LENGTH, Libc.MSG_TRUNC);
        if (length > Frame.MAX_LENGTH) {
            return -Errno.EMSGSIZE;
        }
        room.length(Math.max(0, length));
        return length;
    }

    /** Sends a frame; returns its length, or the errno with a minus sign. */
    int send(Frame frame) {
        return Libc.send(fd, frame.memory().address(0, frame.length()), frame.length(), Libc.MSG_NOSIGNAL);
    }

    /** How many frames the kernel has dropped because the program did not receive them in time, modulo 2^32. */
    long drops() {
        return Libc.drops(fd);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
