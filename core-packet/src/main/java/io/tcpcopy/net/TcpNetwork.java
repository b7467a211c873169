package io.tcpcopy.net;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;

/**
 * The kernel's TCP as the tunnel wants it: small messages leave at once, and a dead peer is noticed after ten seconds,
 * whether or not data is under way.
 */
public final class TcpNetwork implements Network {
    private static final int FLAGS = Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC;
    /** How many connections may wait to be accepted: SOMAXCONN of kernels before 5.4. */
    private static final int BACKLOG = 128;

    /** Level and options of tcp(7), numbered as in {@code linux/tcp.h}. */
    private static final int IPPROTO_TCP = 6;

    private static final int TCP_NODELAY = 1;
    private static final int TCP_KEEPIDLE = 4;
    private static final int TCP_KEEPINTVL = 5;
    private static final int TCP_KEEPCNT = 6;
    private static final int TCP_USER_TIMEOUT = 18;

    /** Unacknowledged data ends the connection after this time; it also bounds the attempt to connect. */
    private static final int USER_TIMEOUT_MS = 10_000;
    /** Probes after 4, 6 and 8 seconds of silence; the connection ends at 10. */
    private static final int KEEPALIVE_IDLE_S = 4;

    private static final int KEEPALIVE_INTERVAL_S = 2;
    private static final int KEEPALIVE_PROBES = 3;

    @Override
    public StreamListener listen(Endpoint local) throws StartException {
        int fd = listeningSocket(local);
        if (fd < 0) {
            throw new StartException(Code.LISTEN_PORT, "cannot listen on " + local + ": " + Errno.message(-fd));
        }
        return new TcpListener(fd);
    }

    @Override
    public ByteStream connect(Address local, Endpoint peer) {
        return new TcpStream(connectingSocket(local, peer), peer);
    }

    /**
     * Whether one could {@link #listen} on an endpoint, without doing it: nobody can connect.
     *
     * @return at least 0, or the errno with a minus sign
     */
    public static int tryBinding(Endpoint local) {
        int fd = boundSocket(local);
        return fd < 0 ? fd : Libc.close(fd);
    }

    private static int boundSocket(Endpoint endpoint) {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | FLAGS, 0);
        if (fd < 0) {
            return fd;
        }
        int result = Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_REUSEADDR, 1);
        if (result >= 0) {
            result = Libc.bind(fd, SocketAddress.ipv4(endpoint));
        }
        return descriptorOrError(fd, result);
    }

    private static int listeningSocket(Endpoint endpoint) {
        int fd = boundSocket(endpoint);
        return fd < 0 ? fd : descriptorOrError(fd, Libc.listen(fd, BACKLOG));
    }

    private static int connectingSocket(Address local, Endpoint peer) {
        int fd = Libc.socket(Libc.AF_INET, Libc.SOCK_STREAM | FLAGS, 0);
        if (fd < 0) {
            return fd;
        }
        int result = configure(fd);
        if (result >= 0 && !local.isAny()) {
            result = Libc.bind(fd, SocketAddress.ipv4(new Endpoint(local, 0)));
        }
        if (result >= 0) {
            result = Libc.connect(fd, SocketAddress.ipv4(peer));
        }
        return descriptorOrError(fd, result == -Errno.EINPROGRESS ? 0 : result);
    }

    private static int configure(int fd) {
        int result = Libc.setOption(fd, IPPROTO_TCP, TCP_NODELAY, 1);
        if (result >= 0) {
            result = Libc.setOption(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, USER_TIMEOUT_MS);
        }
        if (result >= 0) {
            result = Libc.setOption(fd, IPPROTO_TCP, TCP_KEEPIDLE, KEEPALIVE_IDLE_S);
        }
        if (result >= 0) {
            result = Libc.setOption(fd, IPPROTO_TCP, TCP_KEEPINTVL, KEEPALIVE_INTERVAL_S);
        }
        if (result >= 0) {
            result = Libc.setOption(fd, IPPROTO_TCP, TCP_KEEPCNT, KEEPALIVE_PROBES);
        }
        if (result >= 0) {
            result = Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_KEEPALIVE, 1);
        }
        return result;
    }

    private static int descriptorOrError(int fd, int result) {
        if (result >= 0) {
            return fd;
        }
        Libc.close(fd);
        return result;
    }

    /** A socket that listens. */
    private record TcpListener(int fd) implements StreamListener {
        @Override
        public Endpoint local() {
            return Libc.local(fd);
        }

        @Override
        public ByteStream accept() {
            int accepted = Libc.accept(fd, FLAGS);
            if (accepted >= 0) {
                accepted = descriptorOrError(accepted, configure(accepted));
            }
            return accepted < 0 ? TcpStream.failed(accepted) : new TcpStream(accepted, Libc.peer(accepted));
        }

        @Override
        public void close() {
            Libc.close(fd);
        }
    }
}
