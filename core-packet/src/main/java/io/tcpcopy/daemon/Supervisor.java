package io.tcpcopy.daemon;

import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.SocketAddress;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What has started this program and waits until it runs: systemd, where the unit says {@code Type=notify}. */
final class Supervisor {
    private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);

    /** The variable that names the socket on which it waits: sd_notify(3). */
    private static final String SOCKET_VARIABLE = "NOTIFY_SOCKET";

    private static final byte[] READY = "READY=1".getBytes(StandardCharsets.US_ASCII);
    private static final NativeMemory MESSAGE = NativeMemory.allocate(READY.length, ByteOrder.nativeOrder());
    private static final int DATAGRAM = Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;

    private Supervisor() {}

    /** Notifies it, if there is one, that the program runs. */
    static void notifyReady() {
        String path = System.getenv(SOCKET_VARIABLE);
        if (path == null) {
            return;
        }
        Optional<byte[]> address = SocketAddress.unix(path);
        int result = address.isPresent() ? send(address.get()) : -Errno.EINVAL;
        if (result < 0) {
            LOG.warn("systemd cannot be told that the program runs, at {}: {}", path, Errno.message(-result));
        }
    }

    private static int send(byte[] address) {
        int fd = Libc.socket(Libc.AF_UNIX, DATAGRAM, 0);
        if (fd < 0) {
            return fd;
        }
        MESSAGE.buffer().put(0, READY);
        int result = Libc.connect(fd, address);
        if (result >= 0) {
            result = Libc.send(fd, MESSAGE.address(0, READY.length), READY.length, Libc.MSG_NOSIGNAL);
        }
        Libc.close(fd);
        return result;
    }
}
