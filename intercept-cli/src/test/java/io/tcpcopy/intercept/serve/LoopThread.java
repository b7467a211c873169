package io.tcpcopy.intercept.serve;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.StartException;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** A loop on a thread of its own, into which a test brings calls. */
final class LoopThread {
    private static final long CALL_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long PATIENCE_S = 10;

    final EventLoop loop;
    private final Queue<Runnable> calls = new ConcurrentLinkedQueue<>();
    private final LoopTimer timer;
    private final Thread thread;

    LoopThread() throws StartException {
        loop = new EventLoop(System::nanoTime);
        timer = loop.timer(this::runCalls);
        timer.schedule(0);
        thread = new Thread(loop::run, "loop");
    }

    /** Begins to turn; until then the loop may be prepared from the test's thread. */
    void start() {
        thread.start();
    }

    /** Runs something on the loop's thread and returns what it returned. */
    <T> T call(Callable<T> callable) throws Exception {
        CompletableFuture<T> result = new CompletableFuture<>();
        calls.add(() -> {
            try {
                result.complete(callable.call());
            } catch (Exception e) {
                result.completeExceptionally(e);
            }
        });
        return result.get(PATIENCE_S, TimeUnit.SECONDS);
    }

    /** As {@link #call}, again and again until the answer is yes. */
    void await(Supplier<Boolean> condition) throws Exception {
        long startNs = System.nanoTime();
        while (!call(condition::get)) {
            if (System.nanoTime() - startNs > TimeUnit.SECONDS.toNanos(PATIENCE_S)) {
                throw new AssertionError("waited " + PATIENCE_S + " s in vain");
            }
        }
    }

    /** Ends the loop and its thread. */
    void close() throws InterruptedException {
        loop.stop();
        thread.join();
        loop.close();
    }

    private void runCalls() {
        for (Runnable call = calls.poll(); call != null; call = calls.poll()) {
            call.run();
        }
        timer.schedule(CALL_INTERVAL_NS);
    }
}
