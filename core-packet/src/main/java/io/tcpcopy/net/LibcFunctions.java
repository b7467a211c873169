package io.tcpcopy.net;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Platform;
import jnr.ffi.Runtime;
import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;

/** The functions as jnr-ffi binds them. They return -1 on failure, and errno is kept for the thread. */
final class LibcFunctions {
    private static final Runtime RUNTIME = Runtime.getSystemRuntime();

    private LibcFunctions() {}

    /** Memory is passed as an address; only calls off the hot path pass arrays, which are copied. */
    public interface Calls {
        int socket(int domain, int type, int protocol);

        int bind(int fd, @In byte[] address, int length);

        int connect(int fd, @In byte[] address, int length);

        int listen(int fd, int backlog);

        int accept4(int fd, long address, long length, int flags);

        int setsockopt(int fd, int level, int name, @In byte[] value, int length);

        int getsockopt(int fd, int level, int name, @Out byte[] value, @In @Out int[] length);

        int getsockname(int fd, @Out byte[] address, @In @Out int[] length);

        int getpeername(int fd, @Out byte[] address, @In @Out int[] length);

        long send(int fd, long address, long length, int flags);

        long recv(int fd, long address, long length, int flags);

        int sendmmsg(int fd, long messages, int count, int flags);

        int recvmmsg(int fd, long messages, int count, int flags, long timeout);

        int ioctl(int fd, long request, @Out byte[] argument);

        int munmap(long address, long length);

        int clock_gettime(int clock, long time);

        int nanosleep(long duration, long left);

        int getpgrp();

        int close(int fd);

        long signal(int number, long handler);

        int sigprocmask(int how, @In byte[] signals, long before);
    }

    static Calls load() {
        return LibraryLoader.create(Calls.class)
                .load(Platform.getNativePlatform().getStandardCLibraryName());
    }

    /** The error of the last call in this thread. */
    static int errno() {
        return RUNTIME.getLastError();
    }
}
