package io.tcpcopy.daemon;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Stops the program in order when SIGTERM, SIGINT or SIGHUP comes. The JVM answers these by running its shutdown hooks:
 * the hook here asks the program to stop, waits until it has stopped, and ends the JVM with its exit status.
 */
final class StopSignal {
    /** How long the program may take to stop. */
    private static final long TIMEOUT_S = 10;

    private final CountDownLatch finished = new CountDownLatch(1);
    private Runnable action = () -> {};
    private boolean stopping;
    private volatile int status = Daemon.FAILED;

    StopSignal() {}

    /**
     * Sets what stops the program: called once, on another thread, so it should only wake the program's own thread up.
     * Called at once when the signal has come already.
     */
    synchronized void onStop(Runnable newAction) {
        action = newAction;
        if (stopping) {
            action.run();
        }
    }

    void install() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::stop, "stop-signal"));
    }

    /**
     * SIGTERM stops the program also where whoever has started it ignores that signal: a supervisor knows no other one. (SIGINT
     * and SIGHUP go on to be ignored, as the background jobs of a shell and nohup(1) want it.)
     */
    void insist() {
        JvmSignals.insistOn("TERM", () -> System.exit(Daemon.OK));
    }

    /** Ends the JVM, also while it is being stopped. */
    void exit(int exitStatus) {
        status = exitStatus;
        finished.countDown();
        System.exit(exitStatus);
    }

    private void stop() {
        if (finished.getCount() == 0) {
            return;
        }
        synchronized (this) {
            stopping = true;
            action.run();
        }
        try {
            finished.await(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        // Otherwise the JVM would end with 128 and the signal's number.
        Runtime.getRuntime().halt(status);
    }
}
