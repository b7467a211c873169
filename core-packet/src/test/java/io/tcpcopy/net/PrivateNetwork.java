package io.tcpcopy.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * A network namespace of a thread's own. It begins with a loopback device that is down, and vanishes with the thread and
 * its sockets. Child processes of the thread are in it too.
 */
public final class PrivateNetwork {
    /** clone(2). */
    private static final int CLONE_NEWNET = 0x40000000;

    private static final long TIMEOUT_S = 60;

    private PrivateNetwork() {}

    /** What runs in the namespace. */
    public interface Body {
        /** Does it; threads that it starts are in the namespace too. */
        void run() throws Exception;
    }

    /** Runs something in a new namespace. The test is skipped where that is not permitted. */
    public static void run(Body body) throws Exception {
        FutureTask<Void> task = new FutureTask<>(() -> {
            int result = NativeLibrary.getInstance("c").getFunction("unshare").invokeInt(new Object[] {CLONE_NEWNET});
            assumeTrue(result == 0, "skipped: needs root for a network namespace of its own");
            body.run();
            return null;
        });
        Thread thread = new Thread(task, "private-network");
        thread.setDaemon(true);
        thread.start();
        try {
            task.get(TIMEOUT_S, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof Error error) {
                throw error;
            }
            throw (Exception) e.getCause();
        }
    }

    /** Runs ip(8), its arguments separated by single spaces. */
    public static void ip(String arguments) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(("ip " + arguments).split(" "))
                .redirectErrorStream(true)
                .start();
        try (InputStream output = process.getInputStream()) {
            String text = new String(output.readAllBytes());
            assertThat(process.waitFor()).as("ip %s: %s", arguments, text).isZero();
        }
    }
}
