package io.tcpcopy.inject.raw;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.inject.MessageBatch;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;

/**
 * A raw socket (raw(7)) for packets that have their own IP headers, in which the kernel fills total length and checksum. The
 * kernel does the routing.
 *
 * <p>What the kernel does not send it reports to this socket alone. With IP_PMTUDISC_PROBE it does not answer packets
 * to their sources, who are real clients, where the MTU of a route is smaller than that of its device. With IP_RECVERR
 * it reports packets that a device's queue drops.
 */
final class RawSocket implements AutoCloseable {
    /** {@code IPPROTO_RAW} of ip(7): packets with their own headers; such a socket receives nothing. */
    private static final int IPPROTO_RAW = 255;

    /** Packets in a device's queue count as the socket's, and a megabyte and more of them is usual. */
    private static final int SEND_BUFFER_BYTES = 4 << 20;

    private final int fd;

    /**
     * Opens the socket.
     *
     * @throws StartException when the capability CAP_NET_RAW is missing
     */
    RawSocket() throws StartException {
        fd = Libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, IPPROTO_RAW);
        if (fd == -Errno.EPERM || fd == -Errno.EACCES) {
            throw new StartException(
                    Code.PRIVILEGE, "no permission to inject packets: " + StartException.NET_RAW_NEEDED);
        }
        if (fd < 0) {
            throw new StartException("cannot open a raw socket to inject packets: " + Errno.message(-fd));
        }
        Libc.setOption(fd, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.IP_PMTUDISC_PROBE);
        Libc.setOption(fd, Libc.IPPROTO_IP, Libc.IP_RECVERR, 1);
        if (Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, SEND_BUFFER_BYTES) < 0) {
            // Without CAP_NET_ADMIN there is an upper bound, and less is good enough.
            Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, SEND_BUFFER_BYTES);
        }
    }

    int fd() {
        return fd;
    }

    /**
     * Hands messages of a batch to the kernel.
     *
     * @return how many it took, at least one; or the errno of the first one with a minus sign
     */
    int send(MessageBatch batch, int index, int number) {
        int sent = Libc.sendMessages(fd, batch.address(index, number), number, 0);
        if (sent == -Errno.EMSGSIZE) {
            // The kernel also queues this error, twice where another message left before, and reports the socket as
            // ready in each turn of the loop while one is queued.
            while (Libc.receive(fd, 0, 0, Libc.MSG_ERRQUEUE) >= 0) {
                // One more is gone.
            }
        }
        return sent;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
