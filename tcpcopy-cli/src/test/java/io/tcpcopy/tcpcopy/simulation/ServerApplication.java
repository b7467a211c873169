package io.tcpcopy.tcpcopy.simulation;

import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * A server that acts by a plan: online, or on the target, where it begins with any request, and where it does besides
 * what the plan has for the target alone.
 */
final class ServerApplication implements Application {
    private static final int PUSHED_BYTES = 100;
    private static final long PUSH_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);

    private final Plan plan;
    private final Events events;
    private final Coverage coverage;
    private final boolean onTarget;
    private final Supplier<Tcp> otherEnd;

    private int received;
    private int nextRequest;
    private int answered;
    private boolean answering;
    private long answeredNs;
    private boolean peerClosed;

    /**
     * A server.
     *
     * @param onTarget whether it is the target
     * @param begin position in the client's stream at which the connection begins
     * @param otherEnd the client's end of a connection online, or null
     */
    ServerApplication(
            Plan plan, Events events, Coverage coverage, boolean onTarget, int begin, Supplier<Tcp> otherEnd) {
        this.otherEnd = otherEnd;
        this.plan = plan;
        this.events = events;
        this.coverage = coverage;
        this.onTarget = onTarget;
        received = begin;
        while (nextRequest < plan.requests() && plan.requestBegin(nextRequest) < begin) {
            nextRequest++;
        }
        answered = nextRequest;
    }

    @Override
    public void connected(Tcp tcp) {
        tcp.write(plan.greeting());
        if (plan.has(Behaviour.PUSHES)) {
            speakOn(tcp, PUSHED_BYTES, PUSH_INTERVAL_NS);
        }
    }

    /** Says something now and then, until the client has left. */
    private void speakOn(Tcp tcp, int bytes, long intervalNs) {
        if (!peerClosed && tcp.state() != Tcp.State.CLOSED && !tcp.isClosing()) {
            tcp.write(bytes);
            events.after(intervalNs, () -> speakOn(tcp, bytes, intervalNs));
        }
    }

    @Override
    public void received(Tcp tcp, byte[] bytes) {
        received += bytes.length;
        if (plan.has(Behaviour.CLOSED_WINDOW) && plan.windowClosesNow(onTarget)) {
            coverage.count(Figure.WINDOWS_CLOSED);
            tcp.stopReading();
            events.after(plan.slownessNs(onTarget), tcp::resumeReading);
        }
        if (onTarget && endsConnection(tcp)) {
            return;
        }
        while (nextRequest < plan.requests() && received >= plan.requestEnd(nextRequest)) {
            nextRequest++;
        }
        if (answered < nextRequest && !answering) {
            answer(tcp);
        }
    }

    /** One response after the other, each after some thought. */
    private void answer(Tcp tcp) {
        answering = answered < nextRequest;
        if (answering) {
            long slownessNs = onTarget && plan.has(Behaviour.SLOW_TARGET) ? plan.slownessNs(onTarget) : 0;
            events.after(plan.thinkingNs(onTarget) + slownessNs, () -> {
                skip(tcp);
                if (!plan.has(Behaviour.PUSHES)) {
                    tcp.write(plan.responseLength(answered));
                }
                answered++;
                answeredNs = events.nowNs();
                if (answered == plan.requests() && plan.has(Behaviour.ENDLESS_RESPONSE)) {
                    speakOn(tcp, plan.stream().bytes(), plan.stream().intervalNs());
                }
                if (onTarget && plan.has(Behaviour.TARGET_CLOSES_AFTER_RESPONSE) && plan.targetEndsConnectionNow()) {
                    coverage.count(Figure.TARGET_CLOSES);
                    tcp.close();
                }
                answer(tcp);
            });
        } else if (peerClosed || answered == plan.requests() && plan.has(Behaviour.SERVER_CLOSES)) {
            tcp.close();
        }
    }

    /** Most of a stream beyond 4 GiB is left out. */
    private void skip(Tcp tcp) {
        int bytes = plan.skippedBefore(answered, onTarget ? tcp.sndWnd() : Integer.MAX_VALUE);
        if (bytes == 0 || !tcp.isQuiet()) {
            return;
        }
        if (onTarget) {
            tcp.skipSending(bytes);
            coverage.count(Figure.MIB_SKIPPED_ON_TARGET, bytes >> 20);
            return;
        }
        Tcp client = otherEnd.get();
        if (client != null && client.hasAllOf(tcp)) {
            tcp.skipSending(bytes);
            client.skipReceiving(bytes);
            coverage.count(Figure.MIB_SKIPPED, bytes >> 20);
        }
    }

    private boolean endsConnection(Tcp tcp) {
        if (plan.has(Behaviour.TARGET_CLOSES_EARLY) && plan.targetEndsConnectionNow()) {
            coverage.count(Figure.TARGET_CLOSES);
            tcp.close();
            return true;
        }
        // Where much is skipped, behind it.
        boolean late = !plan.has(Behaviour.BEYOND_4_GIB) || answered == plan.requests() - 1;
        if (late && plan.has(Behaviour.TARGET_RESETS) && plan.targetEndsConnectionNow()) {
            coverage.count(Figure.TARGET_RESETS);
            tcp.abort();
            return true;
        }
        return false;
    }

    /** Whether it has requests that it has not answered. */
    boolean isAnswering() {
        return answering;
    }

    /** When it answered last; 0 if it never has. */
    long answeredNs() {
        return answeredNs;
    }

    @Override
    public void peerClosed(Tcp tcp) {
        peerClosed = true;
        if (!answering) {
            tcp.close();
        }
    }

    @Override
    public void aborted(Tcp tcp) {
        // Nobody is told.
    }
}
