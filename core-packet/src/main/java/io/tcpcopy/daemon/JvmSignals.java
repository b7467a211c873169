package io.tcpcopy.daemon;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

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

    private JvmSignals() {}

    /**
     * Runs an action at each such signal from now on.
     *
     * @param name without SIG
     */
    static void handle(String name, Runnable action) {
        try {
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

    /** Ignores the signal from now on. */
    static void ignore(String name) {
        try {
            install(name, Class.forName(HANDLER).getField(IGNORE).get(null));
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void install(String name, Object handler) throws ReflectiveOperationException {
        Class<?> signalType = Class.forName(SIGNAL);
        Object signal = signalType.getConstructor(String.class).newInstance(name);
        signalType.getMethod("handle", signalType, Class.forName(HANDLER)).invoke(null, signal, handler);
    }
}
