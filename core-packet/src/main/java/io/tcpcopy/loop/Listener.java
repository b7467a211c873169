package io.tcpcopy.loop;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.TcpSocket;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts TCP connections. When it cannot, for want of descriptors, it tries again after a pause. */
public final class Listener implements Source, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    /** How long connections wait when there are no descriptors. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    /** Connections accepted in one turn: fewer than the packets that are read, since accepting costs more. */
    private static final int MAX_ACCEPTED = 32;

    private final EventLoop loop;
    private final Acceptor acceptor;
    private final LoopTimer pause;
    private final int fd;
    private Registration registration;
    private long failures;

    /** Takes over connections. */
    @FunctionalInterface
    public interface Acceptor {
        /**
         * A connection was accepted.
         *
         * @param fd for {@link ConnectionFactory#accepted}, or to be closed
         * @param peer the other endpoint
         */
        void accepted(int fd, Endpoint peer);
    }

    /**
     * Listens from now on.
     *
     * @throws StartException when the address is taken, or is none of this host's
     */
    public Listener(EventLoop loop, Endpoint endpoint, Acceptor acceptor) throws StartException {
        this.loop = loop;
        this.acceptor = acceptor;
        this.pause = loop.timer(this::listen);
        this.fd = TcpSocket.listen(endpoint);
        if (fd < 0) {
            throw new StartException("cannot listen on " + endpoint + ": " + Errno.message(-fd));
        }
        listen();
    }

    /** The endpoint that it listens on; with the port that the kernel chose if 0 was asked for. */
    public Endpoint local() {
        return Libc.local(fd);
    }

    /** How many times accepting has failed. */
    public long failures() {
        return failures;
    }

    @Override
    public void close() {
        pause.cancel();
        registration.cancel();
        Libc.close(fd);
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public boolean ready(int readyOps) {
        if (readyOps == 0) {
            registration.cancel();
            return false;
        }
        for (int i = 0; i < MAX_ACCEPTED; i++) {
            int accepted = TcpSocket.accept(fd);
            if (accepted >= 0) {
                acceptor.accepted(accepted, Libc.peer(accepted));
            } else if (!survives(-accepted)) {
                return false;
            }
        }
        return true;
    }

    /** Whether to go on accepting after an error. */
    private boolean survives(int errno) {
        if (errno == Errno.EAGAIN) {
            return false;
        }
        failures++;
        if (errno == Errno.ECONNABORTED || errno == Errno.EINTR) {
            return true;
        }
        // The waiting connection keeps the descriptor readable, so without a pause this would spin.
        LOG.warn("cannot accept a connection: {}; trying again in a second", Errno.message(errno));
        registration.cancel();
        pause.schedule(PAUSE_NS);
        return false;
    }

    private void listen() {
        registration = loop.register(this, Priority.TUNNEL, SelectionKey.OP_ACCEPT);
    }
}
