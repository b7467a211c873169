package io.tcpcopy.tcpcopy.simulation;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * Runs the known worlds one after the other, up to the first that fails: its last line of output says which, and why. A
 * process of its own, in which classes of the programs may have a fault.
 */
public final class FaultySimulation {
    /** Exit status when a world has failed; another one than that of a virtual machine which fails itself. */
    static final int FAILED = 42;
    /** Exit status when all worlds are as they should be. */
    static final int UNNOTICED = 0;

    /** Of the processor's time, since the whole machine may stand still. A world takes a few seconds at most. */
    private static final long HANG_NS = TimeUnit.SECONDS.toNanos(60);

    private static final long LOOK_MS = 200;

    private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
    /** This class is loaded by the thread that runs the worlds. */
    private static final long WORLDS_THREAD = Thread.currentThread().getId();

    private static volatile long seed;
    private static volatile long beganNs;

    private FaultySimulation() {}

    /** Takes no arguments. */
    public static void main(String[] arguments) {
        ((Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME)).setLevel(Level.OFF);
        beganNs = processorNs();
        Thread watch = new Thread(FaultySimulation::watch, "watch");
        watch.setDaemon(true);
        watch.start();
        for (long next = 0; next < SimulationTest.KNOWN_WORLDS; next++) {
            beganNs = processorNs();
            seed = next;
            try {
                new World(next, SimulationTest.CONNECTIONS_OF_A_WORLD, Trace.NONE).run();
            } catch (LinkageError brokenBuild) {
                throw brokenBuild;
            } catch (AssertionError | RuntimeException | StackOverflowError | OutOfMemoryError failure) {
                end(String.valueOf(failure.getMessage() == null ? failure : failure.getMessage()));
            }
        }
        System.exit(UNNOTICED);
    }

    private static long processorNs() {
        return THREADS.getThreadCpuTime(WORLDS_THREAD);
    }

    private static void watch() {
        try {
            while (processorNs() - beganNs < HANG_NS) {
                Thread.sleep(LOOK_MS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        end("does not end");
    }

    private static void end(String message) {
        System.out.println("seed " + seed + ": " + message.strip().replaceAll("\\s+", " "));
        System.out.flush();
        Runtime.getRuntime().halt(FAILED);
    }
}
