package io.tcpcopy.tcpcopy.simulation;

import java.util.Random;
import java.util.concurrent.TimeUnit;

/** A client that acts by a plan. */
final class ClientApplication implements Application {
    private static final int MAX_WRITE = 4000;
    private static final int MAX_RESET_DELAY_NS = (int) TimeUnit.MILLISECONDS.toNanos(30);

    private final Plan plan;
    private final Random random;
    private final Events events;
    private final Coverage coverage;
    private final Runnable closed;

    private int nextRequest;
    private int received;
    private int resetAt;
    private boolean leaving;
    private boolean left;

    /** {@code closed}: told once when the client is done with the connection. */
    ClientApplication(Plan plan, Random random, Events events, Coverage coverage, Runnable closed) {
        this.plan = plan;
        this.random = random;
        this.events = events;
        this.coverage = coverage;
        this.closed = closed;
        resetAt = plan.has(Behaviour.CLIENT_RESETS) ? random.nextInt(plan.requests()) : plan.requests();
    }

    @Override
    public void connected(Tcp tcp) {
        if (plan.greeting() == 0) {
            events.after(plan.firstPauseNs(), () -> request(tcp));
        }
    }

    /** Writes one request, or all where they are pipelined, now and then in pieces. */
    private void request(Tcp tcp) {
        if (tcp.state() == Tcp.State.CLOSED) {
            return;
        }
        do {
            coverage.count(Figure.REQUESTS);
            for (int rest = plan.requestEnd(nextRequest) - plan.requestBegin(nextRequest); rest > 0; ) {
                int part = rest > 4 * MAX_WRITE || random.nextBoolean()
                        ? rest
                        : 1 + random.nextInt(Math.min(rest, MAX_WRITE));
                tcp.write(part);
                rest -= part;
            }
            if (nextRequest == resetAt) {
                events.after(random.nextInt(MAX_RESET_DELAY_NS), () -> reset(tcp));
            }
            nextRequest++;
        } while (plan.has(Behaviour.PIPELINED) && nextRequest < plan.requests());
        if (nextRequest == plan.requests() && plan.has(Behaviour.HALF_CLOSE)) {
            tcp.close();
        }
    }

    private void reset(Tcp tcp) {
        coverage.count(Figure.CLIENT_RESETS);
        tcp.abort();
        closed.run();
    }

    @Override
    public void received(Tcp tcp, byte[] bytes) {
        received += bytes.length;
        if (plan.leavesEarly() && nextRequest == plan.requests()) {
            readOn(tcp);
        } else if (received == plan.greeting() || nextRequest > 0 && received == plan.responseEnd(nextRequest - 1)) {
            if (nextRequest < plan.requests()) {
                events.after(plan.pauseNs(), () -> request(tcp));
            } else if (plan.has(Behaviour.CLIENT_VANISHES)) {
                closed.run();
            } else if (!plan.has(Behaviour.SERVER_CLOSES)) {
                events.after(random.nextInt(2) * plan.pauseNs(), () -> close(tcp));
            }
        }
    }

    /** Reads the last response for a while, or some of it, and leaves whatever the server has to say. */
    private void readOn(Tcp tcp) {
        if (!leaving) {
            leaving = true;
            events.after(plan.readingNs(), () -> leave(tcp));
        }
        int begin = plan.responseEnd(nextRequest - 1) - plan.responseLength(nextRequest - 1);
        if (received - begin > plan.readingBytes()) {
            leave(tcp);
        }
    }

    private void leave(Tcp tcp) {
        if (left || tcp.state() == Tcp.State.CLOSED) {
            return;
        }
        left = true;
        if (plan.has(Behaviour.BREAKS_OFF) || random.nextBoolean()) {
            tcp.abort();
            closed.run();
        } else {
            close(tcp);
        }
    }

    private void close(Tcp tcp) {
        tcp.close();
        closed.run();
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
