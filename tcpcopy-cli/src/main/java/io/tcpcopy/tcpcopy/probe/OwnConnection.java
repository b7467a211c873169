package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Network;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

/**
 * An ordinary connection from an address of this host, for comparison: the target's answer to it comes straight back, and this
 * host's kernel would reset a connection that it does not know of.
 */
final class OwnConnection implements Source {
    /** As long as a SYN that is made here waits for its answer. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final Handshake handshake;
    private final Runnable ended;
    private final ByteStream stream;
    private final LoopTimer timeout;
    private Registration registration;

    /** Begins to connect; {@code ended} is called once when the handshake is over, in a later turn. */
    OwnConnection(EventLoop loop, Network network, Handshake handshake, Runnable ended) {
        this.loop = loop;
        this.handshake = handshake;
        this.ended = ended;
        stream = network.connect(handshake.client(), handshake.target());
        handshake.begin(loop.nowNs());
        timeout = loop.timer(this::timedOut);
        if (stream.fd() < 0) {
            timeout.schedule(0);
        } else {
            registration = loop.register(this, Priority.TUNNEL, SelectionKey.OP_CONNECT);
            timeout.schedule(PATIENCE_NS);
        }
    }

    @Override
    public int fd() {
        return stream.fd();
    }

    @Override
    public boolean ready(int readyOps) {
        end(stream.connectError());
        return false;
    }

    private void timedOut() {
        if (registration == null) {
            end(-stream.fd());
        } else {
            handshake.end(Outcome.SILENT, loop.nowNs());
            close();
        }
    }

    private void end(int errno) {
        if (errno == 0) {
            handshake.end(Outcome.ANSWERED, loop.nowNs());
        } else if (errno == Errno.ECONNREFUSED) {
            handshake.end(Outcome.REFUSED, loop.nowNs());
        } else {
            handshake.fail(errno, loop.nowNs());
        }
        close();
    }

    private void close() {
        timeout.cancel();
        if (registration != null) {
            registration.cancel();
        }
        stream.close();
        ended.run();
    }
}
