package io.tcpcopy.net;

import jnr.posix.POSIX;
import jnr.posix.POSIXFactory;

/**
 * Processes, and what belongs to one, through jnr-posix. It is loaded by the first call, which takes a moment and
 * 13 MB: only what runs detached or keeps a PID file calls it. Results are those of {@link Libc}: errno with a minus
 * sign.
 */
public final class Posix {
    /** For {@code open}, {@code asm-generic/fcntl.h}: the same on x86-64 and arm64. */
    private static final int O_RDWR = 2;

    private static final int O_CREAT = 0x40;
    private static final int O_CLOEXEC = 0x80000;
    /** For {@code flock}, {@code asm-generic/fcntl.h}: nobody else may hold the lock, and nobody waits for it. */
    private static final int LOCK_EX_NB = 2 | 4;

    /** Readable by all, written by the owner. */
    private static final int FILE_MODE = 0644;

    private static final int FIRST_STANDARD_DESCRIPTOR = 0;
    private static final int LAST_STANDARD_DESCRIPTOR = 2;
    private static final int NO_SIGNAL = 0;

    private static final POSIX CALLS = POSIXFactory.getNativePOSIX();

    private Posix() {}

    /** getpid(2): this process. */
    public static int pid() {
        return CALLS.getpid();
    }

    /** kill(2) with no signal: whether there is a process, whoever owns it. */
    public static boolean isRunning(int pid) {
        return CALLS.kill(pid, NO_SIGNAL) == 0 || CALLS.errno() == Errno.EPERM;
    }

    /** setsid(2): this process leaves its terminal; {@code -EPERM} when it leads a session or a group already. */
    public static int newSession() {
        return result(CALLS.setsid());
    }

    /** chdir(2). Files that Java is to open by relative names must be open by then. */
    public static int changeFolder(String path) {
        return result(CALLS.chdir(path));
    }

    /** dup2(2): standard input is empty from now on, and standard output and error lead nowhere. */
    public static int closeStandardStreams() {
        int nowhere = result(CALLS.open("/dev/null", O_RDWR | O_CLOEXEC, FILE_MODE));
        if (nowhere < 0) {
            return nowhere;
        }
        int result = 0;
        for (int fd = FIRST_STANDARD_DESCRIPTOR; fd <= LAST_STANDARD_DESCRIPTOR && result >= 0; fd++) {
            result = result(CALLS.dup2(nowhere, fd));
        }
        Libc.close(nowhere);
        return result;
    }

    /** open(2): a descriptor for a file, which is made if it is not there; {@link Libc#close} closes it. */
    public static int openFile(String path) {
        return result(CALLS.open(path, O_RDWR | O_CREAT | O_CLOEXEC, FILE_MODE));
    }

    /**
     * flock(2): locks a file for as long as this process has it open; {@code -EAGAIN} when another one holds the lock.
     */
    public static int lock(int fd) {
        return result(CALLS.flock(fd, LOCK_EX_NB));
    }

    private static int result(int returned) {
        return returned < 0 ? -CALLS.errno() : returned;
    }
}
