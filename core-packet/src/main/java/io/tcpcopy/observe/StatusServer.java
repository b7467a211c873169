package io.tcpcopy.observe;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.TcpNetwork;
import io.tcpcopy.observe.http.HttpAnswer;
import io.tcpcopy.observe.http.HttpServer;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Shows a program to whoever asks over HTTP, on a thread and a loop of its own: the program's loop is asked for its numbers, and for
 * nothing else.
 */
public final class StatusServer implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);

    private static final String OPTION = "--metrics";
    /** The thread ends within a turn, which waits for nothing. */
    private static final long END_MS = TimeUnit.SECONDS.toMillis(2);

    private final EventLoop loop;
    private final HttpServer server;
    private final Thread thread;
    /** Set before the thread starts. */
    private StatusSite site;

    private StatusServer(Endpoint endpoint) throws StartException {
        loop = EventLoop.ofKernel();
        server = new HttpServer(loop, new TcpNetwork(), endpoint, this::answer);
        thread = new Thread(this::run, "metrics-1");
        thread.setDaemon(true);
    }

    private Optional<HttpAnswer> answer(String path) {
        return site.answer(path);
    }

    /**
     * Listens from now on; whoever asks waits until {@link #serve}.
     *
     * @throws StartException when the endpoint is taken, or is none of this host's
     */
    public static StatusServer listen(Endpoint endpoint) throws StartException {
        int result = TcpNetwork.tryBinding(endpoint);
        if (result < 0) {
            throw new StartException("cannot listen on " + endpoint + " (" + OPTION + "): " + Errno.message(-result));
        }
        return new StatusServer(endpoint);
    }

    /** Where it listens; with the port that the kernel chose if 0 was asked for. */
    Endpoint local() {
        return server.local();
    }

    /**
     * Answers from now on.
     *
     * @param mask takes the end off clients' addresses
     */
    public void serve(RunningProgram program, AddressMask mask) {
        site = new StatusSite(program, loop, mask);
        thread.start();
        LOG.info("metrics and status page: http://{}/", local());
    }

    private void run() {
        try {
            loop.run();
        } catch (RuntimeException e) {
            // What it shows goes on without it.
            LOG.error("metrics and status page end: {}", e.toString());
        }
    }

    @Override
    public void close() {
        loop.stop();
        try {
            thread.join(END_MS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        server.close();
        loop.close();
    }
}
