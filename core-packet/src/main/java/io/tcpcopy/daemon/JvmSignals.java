package io.tcpcopy.daemon;

import io.tcpcopy.net.Libc;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Signals that the JVM hands on, each on a thread of its own, so that an action may do what it likes. (What jnr-posix sets
 * with signal(2) would call Java in the middle of whatever the interrupted thread does.) The class for it, {@code
 * sun.misc.Signal}, is in every JDK, but the compiler warns of each use, and warnings are errors here: hence by name.
 */
final class JvmSignals {
    private static final String SIGNAL = "sun.misc.Signal";
    private static final String HANDLER = "sun.misc.SignalHandler";
    /** The handler that ignores, a constant of {@link #HANDLER}. */
    private static final String IGNORE = "SIG_IGN";

    private static final Path STATUS = Path.of("/proc/self/status");
    /** The line of the signals that the process ignores: a mask in hexadecimal, its lowest bit for signal 1 (proc(5)). */
    private static final String IGNORED = "SigIgn:";

    private JvmSignals() {}

    /**
     * Runs an action at each such signal from now on. A signal that is ignored goes on to be: whoever started the program
     * wanted that, as nohup(1) does of SIGHUP. (The JVM leaves SIGHUP, SIGINT and SIGTERM alone for the same reason.)
     *
     * @param name without SIG
     */
    static void handle(String name, Runnable action) {
        try {
            if (isIgnored(name)) {
                return;
            }
            Class<?> signalType = Class.forName(SIGNAL);
            MethodHandle run = MethodHandles.publicLookup()
                    .findVirtual(Runnable.class, "run", MethodType.methodType(void.class))
                    .bindTo(action);
            MethodHandle handle = MethodHandles.dropArguments(run, 0, signalType);
            install(name, MethodHandleProxies.asInterfaceInstance(Class.forName(HANDLER), handle));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Where a signal is ignored, runs an action at each such signal from now on instead. (The JVM refuses to handle SIGTERM for
     * as long as it is ignored.)
     *
     * @param name without SIG
     */
    static void insistOn(String name, Runnable action) {
        try {
            if (isIgnored(name)) {
                Libc.resetSignal(number(name));
                handle(name, action);
            }
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Lets the calling thread receive a signal that may have been blocked when the program was started. */
    static void unblock(String name) {
        try {
            Libc.unblockSignal(number(name));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Ignores the signal from now on. */
    static void ignore(String name) {
        try {
            install(name, Class.forName(HANDLER).getField(IGNORE).get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static boolean isIgnored(String name) throws ReflectiveOperationException {
        int number = number(name);
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith(IGNORED)) {
                    long mask = Long.parseUnsignedLong(
                            line.substring(IGNORED.length()).strip(), 16);
                    return (mask >>> (number - 1) & 1) != 0;
                }
            }
        } catch (IOException e) {
            // Without /proc nothing tells; to ignore a signal is the exception.
        }
        return false;
    }

    private static int number(String name) throws ReflectiveOperationException {
        Object signal = signal(name);
        return (int) signal.getClass().getMethod("getNumber").invoke(signal);
    }

    private static void install(String name, Object handler) throws ReflectiveOperationException {
        Object signal = signal(name);
        Class<?> signalType = signal.getClass();
        signalType.getMethod("handle", signalType, Class.forName(HANDLER)).invoke(null, signal, handler);
    }

    private static Object signal(String name) throws ReflectiveOperationException {
        return Class.forName(SIGNAL).getConstructor(String.class).newInstance(name);
    }
}
