package io.tcpcopy.tcpcopy.simulation;

import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** A client that sends its requests when it likes, whatever the server says meanwhile. */
final class UnpacedClient implements Application {
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int MAX_ATTEMPTS = 100;

    private final Plan plan;
    private final Events events;
    private final Coverage coverage;
    private final IntPredicate skipping;
    private final Runnable closed;

    private int nextRequest;
    private int skips;
    private int attempts;

    /**
     * A client.
     *
     * @param skipping leaves out so many bytes wherever the connection is, or cannot yet
     * @param closed told once when the client is done with the connection
     */
    UnpacedClient(Plan plan, Events events, Coverage coverage, IntPredicate skipping, Runnable closed) {
        this.skipping = skipping;
        this.plan = plan;
        this.events = events;
        this.coverage = coverage;
        this.closed = closed;
    }

    @Override
    public void connected(Tcp tcp) {
        events.after(plan.intervalNs(), () -> next(tcp));
    }

    private void next(Tcp tcp) {
        if (tcp.state() == Tcp.State.CLOSED) {
            return;
        }
        if (nextRequest == plan.requests()) {
            close(tcp);
            return;
        }
        if (skips < plan.skipsBefore(nextRequest) && !skipping.test(plan.skippedUpwards())) {
            if (++attempts < MAX_ATTEMPTS) {
                events.after(RETRY_NS, () -> next(tcp));
                return;
            }
        }
        attempts = 0;
        skips = plan.skipsBefore(nextRequest);
        coverage.count(Figure.REQUESTS);
        tcp.write(plan.requestEnd(nextRequest) - plan.requestBegin(nextRequest));
        nextRequest++;
        events.after(plan.intervalNs(), () -> next(tcp));
    }

    private void close(Tcp tcp) {
        tcp.close();
        closed.run();
    }

    @Override
    public void received(Tcp tcp, byte[] bytes) {
        // It knows what comes.
    }

    @Override
    public void peerClosed(Tcp tcp) {
        close(tcp);
    }

    @Override
    public void aborted(Tcp tcp) {
        closed.run();
    }
}
