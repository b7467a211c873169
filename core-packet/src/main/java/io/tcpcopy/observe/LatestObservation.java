package io.tcpcopy.observe;

import io.tcpcopy.loop.EventLoop;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * What a program said of itself last. However many want to know, it is asked one question at a time, and not again before the answer is
 * old. Belongs to the thread of the loop of those who want to know.
 */
final class LatestObservation {
    /** An answer is as good as a new one for this long: nobody looks more often. */
    static final long FRESH_NS = TimeUnit.MILLISECONDS.toNanos(200);

    private final RunningProgram program;
    private final EventLoop loop;
    private CompletableFuture<Observation> answer;
    private boolean asks;
    private long answeredNs;

    /** {@code loop} is that of those who want to know, which goes on when there is an answer. */
    LatestObservation(RunningProgram program, EventLoop loop) {
        this.program = program;
        this.loop = loop;
    }

    /**
     * What it said; nothing while it is being asked. The loop turns again when it has answered.
     *
     * @throws RuntimeException for a fault in the program, at which its answer has ended
     */
    Optional<Observation> get() {
        if (asks) {
            return Optional.empty();
        }
        if (answer != null && loop.nowNs() - answeredNs < FRESH_NS) {
            return Optional.of(answer.join());
        }
        asks = true;
        answer = program.observe();
        answer.whenComplete((observation, fault) -> loop.submit(this::answered));
        return Optional.empty();
    }

    private void answered() {
        asks = false;
        answeredNs = loop.nowNs();
    }
}
