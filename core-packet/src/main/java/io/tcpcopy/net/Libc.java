package io.tcpcopy.net;

import io.tcpcopy.flow.Endpoint;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/**
 * System calls on sockets. Each returns the call's result, at least 0, or the errno with a minus sign; none throws. A
 * call that a signal interrupted is not repeated: {@code -EINTR} is an answer like {@code -EAGAIN}, and no descriptor
 * here blocks. Numbers come from {@code bits/socket.h} and {@code asm-generic/socket.h}.
 */
public final class Libc {
    /** Any family. */
    public static final int AF_UNSPEC = 0;
    /** Sockets of this host that have a path, or a name, instead of an address. */
    public static final int AF_UNIX = 1;
    /** IPv4. */
    public static final int AF_INET = 2;
    /** IPv6. */
    public static final int AF_INET6 = 10;
    /** Conversations with the kernel about routes, neighbours and links. */
    public static final int AF_NETLINK = 16;
    /** Packets as devices receive and send them. */
    public static final int AF_PACKET = 17;

    /** A stream: TCP. */
    public static final int SOCK_STREAM = 1;
    /** Datagrams: UDP. */
    public static final int SOCK_DGRAM = 2;
    /** Whole packets. */
    public static final int SOCK_RAW = 3;
    /** Added to the type: calls return {@code -EAGAIN} where they would wait. */
    public static final int SOCK_NONBLOCK = 0x800;
    /** Added to the type: programs that are started do not inherit the descriptor. */
    public static final int SOCK_CLOEXEC = 0x80000;

    /** Options of the socket itself. */
    public static final int SOL_SOCKET = 1;
    /** Listening although old connections of the port are still waiting out their end. */
    public static final int SO_REUSEADDR = 2;
    /** The pending error, as an errno; reading clears it. */
    public static final int SO_ERROR = 4;
    /** Send buffer in bytes; the kernel doubles what is set, up to {@code net.core.wmem_max}. */
    public static final int SO_SNDBUF = 7;
    /** Receive buffer in bytes; the kernel doubles what is set, up to {@code net.core.rmem_max}. */
    public static final int SO_RCVBUF = 8;
    /** Probing an idle connection. */
    public static final int SO_KEEPALIVE = 9;
    /** The device whose packets alone a socket gets, by name. */
    public static final int SO_BINDTODEVICE = 25;
    /** As {@link #SO_SNDBUF} without its upper bound; needs CAP_NET_ADMIN. */
    public static final int SO_SNDBUFFORCE = 32;
    /** As {@link #SO_RCVBUF} without its upper bound; needs CAP_NET_ADMIN. */
    public static final int SO_RCVBUFFORCE = 33;
    /**
     * Each message is received with its time of arrival, a {@code struct timespec} of the wall clock, in a control message
     * of this type.
     */
    public static final int SO_TIMESTAMPNS = 35;
    /** Memory of a socket, and how many packets it has dropped: see {@link #drops}. */
    private static final int SO_MEMINFO = 55;

    private static final int SO_ATTACH_FILTER = 26;

    /** Options of IPv4, {@code linux/in.h}. */
    public static final int IPPROTO_IP = 0;
    /** What becomes of packets that are longer than the MTU of the path: one of {@code IP_PMTUDISC_}. */
    public static final int IP_MTU_DISCOVER = 10;
    /** The kernel also reports errors that it would hide otherwise, such as packets that a device's queue dropped. */
    public static final int IP_RECVERR = 11;
    /** The MTU of the path to the address that the socket is connected to. */
    public static final int IP_MTU = 14;
    /** For {@link #IP_MTU_DISCOVER}: the device's MTU is the limit, whatever is known of the path. */
    public static final int IP_PMTUDISC_PROBE = 3;

    /** Options of packet sockets, {@code linux/if_packet.h}. */
    public static final int SOL_PACKET = 263;
    /** Each packet, received or sent, begins with a {@code struct virtio_net_hdr} of {@code linux/virtio_net.h}. */
    public static final int PACKET_VNET_HDR = 15;

    /** For {@link #receive}: the length that a message had, even if there was less room. */
    public static final int MSG_TRUNC = 0x20;
    /** For {@link #receive}: the next of the errors that {@link #IP_RECVERR} has queued. */
    public static final int MSG_ERRQUEUE = 0x2000;
    /** For {@link #send}: a peer that is gone is {@code -EPIPE} and no signal. */
    public static final int MSG_NOSIGNAL = 0x4000;

    /** {@code SK_MEMINFO_VARS} of {@code linux/sock_diag.h}: how many numbers SO_MEMINFO gives. */
    private static final int SK_MEMINFO_VARS = 9;

    private static final int SK_MEMINFO_DROPS = 8;

    /** {@code struct sock_filter} of {@code linux/filter.h}. */
    private static final int INSTRUCTION_LENGTH = 8;

    /** {@code struct sock_fprog}: the number of instructions, and where they are. */
    private static final int PROGRAM_LENGTH = 16;

    private static final int INSTRUCTIONS_OFFSET = 8;

    /** The request for a terminal's size, {@code asm-generic/ioctls.h}; the answer is a {@code struct winsize}. */
    private static final long TIOCGWINSZ = 0x5413;

    /** The request for the process group that a terminal is in the foreground for, {@code asm-generic/ioctls.h}; the answer is an int. */
    private static final long TIOCGPGRP = 0x540F;

    private static final int WINDOW_SIZE_LENGTH = 8;
    private static final int COLUMNS_OFFSET = 2;

    /** {@code SIG_DFL} of {@code asm-generic/signal-defs.h}: a signal does what it does to a program that has not asked. */
    private static final long SIG_DFL = 0;
    /** {@code SIG_UNBLOCK}, of the same: signals are blocked no more. */
    private static final int SIG_UNBLOCK = 1;
    /** {@code sigset_t} of glibc: a bit for each signal, the lowest for signal 1. */
    private static final int SIGNAL_SET_LENGTH = 128;

    private static final LibcFunctions.Calls CALLS = LibcFunctions.load();

    private Libc() {}

    /**
     * Checks that native calls work here and that the structures are laid out as this package has them.
     *
     * @throws StartException when this is not 64-bit Linux, or the native library of jnr-ffi cannot be loaded
     */
    public static void checkPlatform() throws StartException {
        String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
        String architecture = System.getProperty("os.arch");
        boolean known = architecture.equals("amd64") || architecture.equals("aarch64");
        if (!system.equals("linux") || !known) {
            throw new StartException(
                    "this program needs Linux on x86-64 or arm64, not " + system + " on " + architecture);
        }
        try {
            close(-1);
        } catch (LinkageError e) {
            throw new StartException(
                    "native calls do not work, jnr-ffi could not load its library (jffi): " + e.getMessage());
        }
    }

    /** socket(2): a new descriptor. */
    public static int socket(int domain, int type, int protocol) {
        return result(CALLS.socket(domain, type, protocol));
    }

    /** bind(2), with an address of {@link SocketAddress}. */
    public static int bind(int fd, byte[] address) {
        return result(CALLS.bind(fd, address, address.length));
    }

    /** connect(2), with an address of {@link SocketAddress}; {@code -EINPROGRESS} while the attempt is under way. */
    public static int connect(int fd, byte[] address) {
        return result(CALLS.connect(fd, address, address.length));
    }

    /** listen(2). */
    public static int listen(int fd, int backlog) {
        return result(CALLS.listen(fd, backlog));
    }

    /**
     * accept4(2): the descriptor of a new connection; {@link #peer} gives its other endpoint.
     *
     * @param flags {@link #SOCK_NONBLOCK} and {@link #SOCK_CLOEXEC}
     */
    public static int accept(int fd, int flags) {
        return result(CALLS.accept4(fd, 0, 0, flags));
    }

    /** setsockopt(2) with an integer. */
    public static int setOption(int fd, int level, int name, int value) {
        byte[] bytes = ByteBuffer.allocate(Integer.BYTES)
                .order(ByteOrder.nativeOrder())
                .putInt(value)
                .array();
        return setOption(fd, level, name, bytes);
    }

    /** setsockopt(2) with a structure. */
    public static int setOption(int fd, int level, int name, byte[] value) {
        return result(CALLS.setsockopt(fd, level, name, value, value.length));
    }

    /** getsockopt(2): the value of an option that is an integer and never negative. */
    public static int getOption(int fd, int level, int name) {
        byte[] value = new byte[Integer.BYTES];
        int result = getOption(fd, level, name, value);
        return result < 0
                ? result
                : ByteBuffer.wrap(value).order(ByteOrder.nativeOrder()).getInt();
    }

    /** getsockopt(2) with a structure, which is filled as far as the kernel knows it. */
    public static int getOption(int fd, int level, int name, byte[] value) {
        return result(CALLS.getsockopt(fd, level, name, value, new int[] {value.length}));
    }

    /**
     * How many messages the kernel has dropped because the socket's receive buffer was full, as a counter of 32 bits
     * (SO_MEMINFO, since Linux 4.12).
     *
     * @return 0 to 2^32 - 1, or the errno with a minus sign
     */
    public static long drops(int fd) {
        byte[] memory = new byte[SK_MEMINFO_VARS * Integer.BYTES];
        int result = getOption(fd, SOL_SOCKET, SO_MEMINFO, memory);
        int drops = ByteBuffer.wrap(memory).order(ByteOrder.nativeOrder()).getInt(SK_MEMINFO_DROPS * Integer.BYTES);
        return result < 0 ? result : Integer.toUnsignedLong(drops);
    }

    /**
     * Lets a socket receive only what a program takes (SO_ATTACH_FILTER of socket(7)).
     *
     * @param instructions {@code struct sock_filter}s in native byte order
     */
    public static int attachFilter(int fd, byte[] instructions) {
        NativeMemory code = NativeMemory.allocate(instructions.length, ByteOrder.nativeOrder());
        code.buffer().put(0, instructions);
        byte[] program = ByteBuffer.allocate(PROGRAM_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putShort((short) (instructions.length / INSTRUCTION_LENGTH))
                .putLong(INSTRUCTIONS_OFFSET, code.address(0, instructions.length))
                .array();
        try {
            return setOption(fd, SOL_SOCKET, SO_ATTACH_FILTER, program);
        } finally {
            Reference.reachabilityFence(code);
        }
    }

    /** getsockname(2): the IPv4 address that a socket is bound to; 0.0.0.0:0 when it cannot be told. */
    public static Endpoint local(int fd) {
        byte[] structure = new byte[SocketAddress.IPV4_LENGTH];
        CALLS.getsockname(fd, structure, new int[] {structure.length});
        return SocketAddress.readIpv4(structure);
    }

    /** getpeername(2): the IPv4 address of a socket's other endpoint; 0.0.0.0:0 when there is none any more. */
    public static Endpoint peer(int fd) {
        byte[] structure = new byte[SocketAddress.IPV4_LENGTH];
        CALLS.getpeername(fd, structure, new int[] {structure.length});
        return SocketAddress.readIpv4(structure);
    }

    /**
     * send(2): how many bytes the kernel took, which may be fewer.
     *
     * @param address of the bytes, from {@link NativeMemory#address}
     * @param length in bytes
     */
    public static int send(int fd, long address, int length, int flags) {
        return result((int) CALLS.send(fd, address, length, flags));
    }

    /**
     * recv(2): how many bytes came; 0 when the peer has closed a stream.
     *
     * @param address of the room for them, from {@link NativeMemory#address}
     * @param length of the room in bytes
     */
    public static int receive(int fd, long address, int length, int flags) {
        return result((int) CALLS.recv(fd, address, length, flags));
    }

    /**
     * sendmmsg(2): how many messages the kernel took. When one fails behind others, the others are reported and its
     * error is not: it comes again when the rest is sent.
     *
     * @param messages address of an array of {@code struct mmsghdr}: see {@link MessageArray}
     */
    public static int sendMessages(int fd, long messages, int count, int flags) {
        return result(CALLS.sendmmsg(fd, messages, count, flags));
    }

    /**
     * recvmmsg(2): how many messages were there, without waiting for more on a socket that does not block. When one fails
     * behind others, the others are reported and its error is kept for the next call.
     *
     * @param messages address of an array of {@code struct mmsghdr}: see {@link MessageArray}
     */
    public static int receiveMessages(int fd, long messages, int count, int flags) {
        return result(CALLS.recvmmsg(fd, messages, count, flags, 0));
    }

    /** How many columns a terminal has; {@code -ENOTTY} where the descriptor is none. */
    public static int terminalColumns(int fd) {
        byte[] size = new byte[WINDOW_SIZE_LENGTH];
        int result = result(CALLS.ioctl(fd, TIOCGWINSZ, size));
        return result < 0
                ? result
                : ByteBuffer.wrap(size).order(ByteOrder.nativeOrder()).getShort(COLUMNS_OFFSET) & 0xFFFF;
    }

    /** Whether a descriptor is the terminal that this process may read of, so that nobody else uses its last row. */
    public static boolean isInForeground(int fd) {
        byte[] group = new byte[Integer.BYTES];
        int result = result(CALLS.ioctl(fd, TIOCGPGRP, group));
        return result >= 0
                && ByteBuffer.wrap(group).order(ByteOrder.nativeOrder()).getInt() == CALLS.getpgrp();
    }

    /** signal(2): a signal is not ignored or handled any more, and does what it does by default. */
    public static void resetSignal(int number) {
        CALLS.signal(number, SIG_DFL);
    }

    /** sigprocmask(2): the calling thread receives a signal again that was blocked when the process was started. */
    public static void unblockSignal(int number) {
        byte[] signals = ByteBuffer.allocate(SIGNAL_SET_LENGTH)
                .order(ByteOrder.nativeOrder())
                .putLong(1L << number - 1)
                .array();
        CALLS.sigprocmask(SIG_UNBLOCK, signals, 0);
    }

    /**
     * clock_gettime(2).
     *
     * @param id of a clock that there is
     * @param address of a {@code struct timespec}, from {@link NativeMemory#address}
     */
    public static void clockTime(int id, long address) {
        CALLS.clock_gettime(id, address);
    }

    /**
     * nanosleep(2): waits for so long, a little longer, or until a signal comes.
     *
     * @param address of a {@code struct timespec}, from {@link NativeMemory#address}
     */
    public static void sleep(long address) {
        CALLS.nanosleep(address, 0);
    }

    /** munmap(2). */
    static void unmap(long address, int length) {
        CALLS.munmap(address, length);
    }

    /** close(2). The event loop must have let go of the descriptor before. */
    public static int close(int fd) {
        return result(CALLS.close(fd));
    }

    private static int result(int returned) {
        return returned < 0 ? -LibcFunctions.errno() : returned;
    }
}
