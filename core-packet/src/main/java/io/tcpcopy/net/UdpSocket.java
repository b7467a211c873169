package io.tcpcopy.net;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import java.nio.ByteOrder;

/**
 * Ordinary datagram sockets, each for one request about the path to a destination: so the kernel looks the route up
 * anew, and reports no error of an earlier datagram.
 */
public final class UdpSocket {
    private static final int FLAGS = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
    /** An empty message has an address as well. */
    private static final NativeMemory NO_BYTES = NativeMemory.allocate(1, ByteOrder.nativeOrder());

    private UdpSocket() {}

    /**
     * The MTU of the path: that of the route, else of the device, or less where the kernel has learned of less.
     *
     * @return bytes of a whole packet, or the errno with a minus sign where there is no route
     */
    public static int pathMtu(Address destination) {
        int fd = connect(new Endpoint(destination, 0));
        return fd < 0 ? fd : closing(fd, Libc.getOption(fd, Libc.IPPROTO_IP, Libc.IP_MTU));
    }

    /**
     * Sends a datagram without payload.
     *
     * @return 0, or the errno with a minus sign
     */
    public static int sendEmpty(Endpoint destination) {
        int fd = connect(destination);
        return fd < 0 ? fd : closing(fd, Libc.send(fd, NO_BYTES.address(0, 0), 0, Libc.MSG_NOSIGNAL));
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
