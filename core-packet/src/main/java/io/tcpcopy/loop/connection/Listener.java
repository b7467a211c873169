package io.tcpcopy.loop.connection;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Network;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.StreamListener;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Accepts connections. When it cannot, for want of descriptors, it tries again after a pause. */
public final class Listener implements Source, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Listener.class);
    /** How long connections wait when there are no descriptors. */
    private static final long PAUSE_NS = TimeUnit.SECONDS.toNanos(1);
    /** Connections accepted in one turn: fewer than the packets that are read, since accepting costs more. */
    private static final int MAX_ACCEPTED = 32;

    private final EventLoop loop;
    private final Acceptor acceptor;
    private final LoopTimer pause;
    private final StreamListener listener;
    private Registration registration;
    private long failures;

    /** Takes over connections. */
    @FunctionalInterface
    public interface Acceptor {
        /** A connection was accepted: for {@link ConnectionFactory#accepted}, or to be closed. */
        void accepted(ByteStream stream);
    }

    /**
     * Listens from now on.
     *
     * @throws StartException when the address is taken, or is none of this host's
     */
    public Listener(EventLoop loop, Network network, Endpoint endpoint, Acceptor acceptor) throws StartException {
        this.loop = loop;
        this.acceptor = acceptor;
        this.pause = loop.timer(this::listen);
        this.listener = network.listen(endpoint);
        listen();
    }

    /** The endpoint that it listens on; with the port that the kernel chose if 0 was asked for. */
    public Endpoint local() {
        return listener.local();
    }

    /** How many times accepting has failed. */
    public long failures() {
        return failures;
    }

    @Override
    public void close() {
        pause.cancel();
        registration.cancel();
        listener.close();
    }

    @Override
    public int fd() {
        return listener.fd();
    }

    @Override
    public boolean ready(int readyOps) {
        if (readyOps == 0) {
            registration.cancel();
            return false;
        }
        for (int i = 0; i < MAX_ACCEPTED && !registration.isCancelled(); i++) {
            ByteStream accepted = listener.accept();
            if (accepted.fd() >= 0) {
                acceptor.accepted(accepted);
            } else if (!survives(-accepted.fd())) {
                return false;
            }
        }
        return !registration.isCancelled();
    }

    /** Accepts none any more until {@link #resume}: who connects waits in the kernel's queue. */
    public void suspend() {
        registration.cancel();
    }

    /** Accepts again. */
    public void resume() {
        if (registration.isCancelled()) {
            pause.cancel();
            listen();
        }
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
