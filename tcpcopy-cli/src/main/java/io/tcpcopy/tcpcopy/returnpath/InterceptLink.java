package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.connection.Connection;
import io.tcpcopy.loop.connection.ConnectionFactory;
import io.tcpcopy.loop.connection.ConnectionHandler;
import io.tcpcopy.net.Errno;
import io.tcpcopy.tunnel.BatchReader;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of the parallel connections to an intercept: made, and made again whenever it is lost. */
final class InterceptLink implements ConnectionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(InterceptLink.class);

    /** An intercept that was restarted is back about as soon. Each further attempt waits twice as long. */
    private static final long FIRST_RETRY_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** However long an intercept was away, it is connected within this time when it is back. */
    private static final long MAX_RETRY_NS = TimeUnit.SECONDS.toNanos(12);

    /**
     * An intercept that has acknowledged nothing for so long is not there: one that has nothing to say is asked after 4 s whether it is.
     * A second later the answer must have come; the kernel ends the connection after 10 s.
     */
    private static final int MAX_SILENCE_MS = 5000;

    /** In place of an errno. */
    private static final int CLOSED_BY_AN_END = 0;

    private final EventLoop loop;
    private final Endpoint endpoint;
    private final ConnectionFactory connections;
    private final TunnelFormat format;
    private final ResponseHandler responses;
    private final Listener listener;
    private final LoopTimer retryTimer;
    private final LoopTimer lossTimer;
    private final ByteBuffer message = ByteBuffer.allocateDirect(RouteMessage.LENGTH);
    private final RouteMessage route = new RouteMessage().wrap(message, 0);

    private Connection connection;
    private BatchReader reader;
    private boolean up;
    /** Whether the connection has ended, and that is not dealt with. */
    private boolean lossPending;
    /** What was wrong with the connection that ended last. */
    private Code code = Code.INTERCEPT_UNREACHABLE;

    private String reason = "it has not answered yet";

    private boolean tried;
    private boolean closing;
    private boolean outageWarned;
    private long retryDelayNs = FIRST_RETRY_NS;
    private long upSinceNs;

    /** Is told when the link changes. */
    interface Listener {
        /** The link can carry routes. */
        void up(InterceptLink link);

        /** Whether the program goes on without this link, so that a failure to connect is to be warned of. */
        boolean goesOnWithout(InterceptLink link);

        /**
         * The link is lost, or could not be made.
         *
         * @param wasUp whether it could carry routes before
         */
        void down(InterceptLink link, boolean wasUp, Code code, String reason);
    }

    InterceptLink(
            EventLoop loop,
            ConnectionFactory connections,
            Endpoint endpoint,
            TunnelFormat format,
            ResponseHandler responses,
            Listener listener) {
        this.loop = loop;
        this.endpoint = endpoint;
        this.format = format;
        this.connections = connections;
        this.responses = responses;
        this.listener = listener;
        this.retryTimer = loop.timer(this::connect);
        this.lossTimer = loop.timer(this::lost);
    }

    /** Begins to connect. */
    void connect() {
        connection = connections.connect(endpoint, this);
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** Whether the link can carry routes. */
    boolean isUp() {
        return up;
    }

    /** Why nothing comes back over the link, if that is so. */
    Optional<Outage> outage() {
        if (!up) {
            return Optional.of(new Outage(endpoint, code, reason));
        }
        int silentMs = connection.silentMs();
        return silentMs < MAX_SILENCE_MS
                ? Optional.empty()
                : Optional.of(new Outage(
                        endpoint,
                        Code.INTERCEPT_UNREACHABLE,
                        "it has acknowledged nothing for " + TimeUnit.MILLISECONDS.toSeconds(silentMs) + " s"));
    }

    /** Whether the first attempt to connect has ended, with or without success. */
    boolean isTried() {
        return tried;
    }

    /**
     * Queues a message about a route. On a link that has just been lost it counts as queued: when the link is known to be
     * down, its routes go over another.
     *
     * @return false when the queue is full or the link is down
     */
    boolean send(int type, Flow flow) {
        route.type(type).flow(flow);
        return up && (lossPending || connection.write(message, 0, RouteMessage.LENGTH));
    }

    void flush() {
        if (up) {
            connection.flush();
        }
    }

    /**
     * The intercept is there, as another link to it shows: if this one waits before it tries again, it waits no longer. It waits as long as
     * before the next time, since an intercept may close each connection as soon as it is made.
     */
    void retryNow() {
        if (retryTimer.isScheduled()) {
            retryTimer.schedule(0);
        }
    }

    /** Ends the link for good. */
    void close() {
        closing = true;
        retryTimer.cancel();
        lossTimer.cancel();
        if (connection != null) {
            connection.close("stopped");
        }
    }

    @Override
    public void connected() {
        tried = true;
        up = true;
        upSinceNs = loop.nowNs();
        outageWarned = false;
        reader = new BatchReader(format, responses);
        route.version();
        connection.write(message, 0, RouteMessage.LENGTH);
        LOG.info("connected to intercept {}", endpoint);
        listener.up(this);
    }

    @Override
    public void received(ByteBuffer piece) {
        if (reader.read(piece)) {
            retryDelayNs = FIRST_RETRY_NS;
        } else {
            connection.close(reader.refusal());
        }
    }

    @Override
    public void dropped(int length) {
        // A route on a lost connection: it goes out again over another one.
    }

    /**
     * A connection may end at anything that is written to it, in the middle of whatever sessions do. So the others hear of it
     * by a timer, when nothing else is under way.
     */
    @Override
    public void closed(int errno, String why) {
        if (!closing) {
            lossPending = true;
            code = codeOf(errno);
            reason = why;
            lossTimer.schedule(0);
        }
    }

    private Code codeOf(int errno) {
        if (reader != null && reader.refusal() != null) {
            return Code.MODES_DIFFER;
        }
        return switch (errno) {
            case Errno.ECONNREFUSED -> Code.INTERCEPT_REFUSES;
            case CLOSED_BY_AN_END, Errno.ECONNRESET, Errno.EPIPE -> Code.INTERCEPT_CLOSES;
            default -> Code.INTERCEPT_UNREACHABLE;
        };
    }

    private void lost() {
        lossPending = false;
        boolean wasUp = up;
        tried = true;
        up = false;
        if (wasUp) {
            outageWarned = true;
            LOG.warn("{}: lost intercept {}: {}", code.text(), endpoint, reason);
        } else {
            logFailure();
        }
        reader = null;
        if (wasUp && loop.nowNs() - upSinceNs >= MAX_RETRY_NS) {
            retryDelayNs = FIRST_RETRY_NS;
        }
        retryTimer.schedule(retryDelayNs);
        retryDelayNs = Math.min(MAX_RETRY_NS, 2 * retryDelayNs);
        listener.down(this, wasUp, code, reason);
    }

    /** Warns once until the link is up: attempts go on. If the program ends instead, that says why. */
    private void logFailure() {
        if (!outageWarned && listener.goesOnWithout(this)) {
            outageWarned = true;
            LOG.warn("{}: cannot reach intercept {}: {}", code.text(), endpoint, reason);
        } else {
            LOG.debug("cannot reach intercept {}: {}", endpoint, reason);
        }
    }
}
