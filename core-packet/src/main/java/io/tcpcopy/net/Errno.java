package io.tcpcopy.net;

/**
 * Error numbers of the kernel, as in {@code asm-generic/errno.h}: the same on every architecture with a current JDK for
 * Linux.
 */
public final class Errno {
    /** Operation not permitted: a missing capability, or a packet that a firewall rule dropped. */
    public static final int EPERM = 1;
    /** A signal came in between. */
    public static final int EINTR = 4;
    /** No such device or address: the device that a socket was bound to is gone. */
    public static final int ENXIO = 6;
    /** Nothing there now, or no room now: to be tried again when the descriptor is ready. */
    public static final int EAGAIN = 11;
    /** Permission denied. */
    public static final int EACCES = 13;
    /** In use by another. */
    public static final int EBUSY = 16;
    /** No such device. */
    public static final int ENODEV = 19;
    /** Invalid argument. */
    public static final int EINVAL = 22;
    /** The other end of a connection is gone. */
    public static final int EPIPE = 32;
    /** A packet that is longer than the device's MTU and may not be fragmented. */
    public static final int EMSGSIZE = 90;
    /** The kernel was built without this protocol. */
    public static final int EPROTONOSUPPORT = 93;
    /** Another socket has the port. */
    public static final int EADDRINUSE = 98;
    /** The device is down. */
    public static final int ENETDOWN = 100;
    /** There is no route. */
    public static final int ENETUNREACH = 101;
    /** A connection that ended before it was accepted. */
    public static final int ECONNABORTED = 103;
    /** The other end has reset the connection. */
    public static final int ECONNRESET = 104;
    /** A queue in the kernel is full. */
    public static final int ENOBUFS = 105;
    /** Nobody listens there. */
    public static final int ECONNREFUSED = 111;
    /** The route says that the destination is unreachable. */
    public static final int EHOSTUNREACH = 113;
    /** A connection attempt is under way. */
    public static final int EINPROGRESS = 115;

    /** The highest number in use (EHWPOISON). */
    public static final int HIGHEST = 133;

    private Errno() {}

    /** The symbol, such as {@code EPERM}; the number where there is none. */
    public static String name(int errno) {
        jnr.constants.platform.Errno constant = constant(errno);
        return constant.defined() ? constant.name() : Integer.toString(errno);
    }

    /** What a user reads, such as {@code Operation not permitted}. */
    public static String message(int errno) {
        jnr.constants.platform.Errno constant = constant(errno);
        return constant.defined() ? constant.description() : "error " + errno;
    }

    private static jnr.constants.platform.Errno constant(int errno) {
        return jnr.constants.platform.Errno.valueOf(errno);
    }
}
