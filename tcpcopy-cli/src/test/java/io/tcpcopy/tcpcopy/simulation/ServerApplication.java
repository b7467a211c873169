package io.tcpcopy.tcpcopy.simulation;

import java.util.concurrent.TimeUnit;

/**
 * A server that acts by a plan: online, or on the target, where it begins with any request, and where it does besides
 * what the plan has for the target alone.
 */
final class ServerApplication implements Application {
    private static final int PUSHED_BYTES = 100;
    private static final long PUSH_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(20);
    private static final int STREAMED_BYTES = 1024;
    private static final long STREAM_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private final Plan plan;
    private final Events events;
    private final Coverage coverage;
    private final boolean onTarget;

    private int received;
    private int nextRequest;
    private int answered;
    private boolean answering;
    private boolean peerClosed;

    /** {@code begin}: position in the client's stream at which the connection begins. */
    ServerApplication(Plan plan, Events events, Coverage coverage, boolean onTarget, int begin) {
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
                if (!plan.has(Behaviour.PUSHES)) {
                    tcp.write(plan.responseLength(answered));
                }
                answered++;
                if (answered == plan.requests() && plan.has(Behaviour.ENDLESS_RESPONSE)) {
                    speakOn(tcp, STREAMED_BYTES, STREAM_INTERVAL_NS);
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

    private boolean endsConnection(Tcp tcp) {
        if (plan.has(Behaviour.TARGET_CLOSES_EARLY) && plan.targetEndsConnectionNow()) {
            coverage.count(Figure.TARGET_CLOSES);
            tcp.close();
            return true;
        }
        if (plan.has(Behaviour.TARGET_RESETS) && plan.targetEndsConnectionNow()) {
            coverage.count(Figure.TARGET_RESETS);
            tcp.abort();
            return true;
        }
        return false;
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
