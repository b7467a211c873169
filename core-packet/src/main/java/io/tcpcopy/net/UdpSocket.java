package io.tcpcopy.net;

import java.nio.ByteOrder;

/**
 * Ordinary datagram sockets, each for one question about the way to a destination: the kernel looks the way up anew, and
 * no error of an earlier datagram is in the way.
 */
public final class UdpSocket {
    private static final int FLAGS = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
    private static final NativeMemory NOTHING = NativeMemory.allocate(1, ByteOrder.nativeOrder());

    private UdpSocket() {}

    /**
     * The MTU of the way: that of the route, else of the device, or less where the kernel has been told of less.
     *
     * @param destination IPv4 address
     * @return bytes of a whole packet, or the errno with a minus sign where there is no way
     */
    public static int pathMtu(int destination) {
        int fd = connect(new Endpoint(destination, 0));
        return fd < 0 ? fd : closing(fd, Libc.getOption(fd, Libc.IPPROTO_IP, Libc.IP_MTU));
    }

    /**
     * Sends a datagram without payload.
     *
     * @return 0, or the errno with a minus sign
     */
    public static int sendNothing(Endpoint destination) {
        int fd = connect(destination);
        return fd < 0 ? fd : closing(fd, Libc.send(fd, NOTHING.address(0, 0), 0, Libc.MSG_NOSIGNAL));
    }

    private static int connect(Endpoint destination) {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_DGRAM | FLAGS, 0);
        if (fd < 0) {
            return fd;
        }
        int result = Libc.connect(fd, SocketAddress.ipv4(destination));
        return result < 0 ? closing(fd, result) : fd;
    }

    private static int closing(int fd, int result) {
        Libc.close(fd);
        return result;
    }
}
