package io.tcpcopy.tcpcopy.simulation;

/** A client that sends its requests when it likes, whatever the server says meanwhile. */
final class UnpacedClient implements Application {
    private final Plan plan;
    private final Events events;
    private final Coverage coverage;
    private final Runnable closed;

    private int nextRequest;

    /** {@code closed}: told once when the client is done with the connection. */
    UnpacedClient(Plan plan, Events events, Coverage coverage, Runnable closed) {
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
