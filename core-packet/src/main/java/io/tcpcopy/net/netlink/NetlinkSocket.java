package io.tcpcopy.net.netlink;

import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A netlink socket (netlink(7)): sends requests to the kernel and receives messages from it. The kernel answers within
 * the system call that sends the request, so a request does not wait.
 */
final class NetlinkSocket implements AutoCloseable {
    /** Flags of requests, {@code linux/netlink.h}: every request has this one. */
    static final int NLM_F_REQUEST = 0x1;
    /** The answer is an acknowledgement: {@link NetlinkMessages#NLMSG_ERROR} with error 0. */
    static final int NLM_F_ACK = 0x4;
    /** The answer is everything that there is. */
    static final int NLM_F_DUMP = 0x300;

    /** The longest request takes 52 bytes: that for the device of a name, as that which binds a queue of netfilter. */
    private static final int REQUEST_BYTES = 64;

    private final NativeMemory received;
    private final NativeMemory request = NativeMemory.allocate(REQUEST_BYTES, ByteOrder.nativeOrder());
    private final NetlinkMessages messages = new NetlinkMessages();
    private final int fd;
    private int sequence;

    /**
     * Opens a socket.
     *
     * @param protocol the part of the kernel to talk to: one of {@code NETLINK_}
     * @param groups the bits of the multicast groups to join
     * @param receiveBytes the longest datagram that is read whole
     * @param purpose what the socket is for, for the message when the kernel refuses: {@code ask about routes}
     */
    NetlinkSocket(int protocol, int groups, int receiveBytes, String purpose) throws StartException {
        received = NativeMemory.allocate(receiveBytes, ByteOrder.nativeOrder());
        messages.wrap(received.buffer(), 0);
        fd = socket(protocol);
        int result = fd < 0 ? fd : Libc.bind(fd, SocketAddress.netlink(groups));
        if (result < 0) {
            close();
            throw new StartException("cannot " + purpose + ": " + Errno.message(-result));
        }
    }

    private static int socket(int protocol) {
        return Libc.socket(Libc.AF_NETLINK, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, protocol);
    }

    /** Whether the kernel has the part that a protocol is for. If it has, a socket may still be refused for other reasons. */
    static boolean isKnown(int protocol) {
        int result = socket(protocol);
        Libc.close(result);
        return result != -Errno.EPROTONOSUPPORT;
    }

    /** The descriptor, readable when there is something to {@link #receive}. */
    int fd() {
        return fd;
    }

    /** What was received last, in native byte order; the datagram begins at index 0. */
    ByteBuffer received() {
        return received.buffer();
    }

    /** The messages of the datagram that was received last. */
    NetlinkMessages messages() {
        return messages;
    }

    /** Starts a request of zeros; the position is then behind its header. */
    ByteBuffer begin(int type, int flags) {
        sequence++;
        ByteBuffer buffer = request.buffer().clear();
        for (int i = 0; i < REQUEST_BYTES; i++) {
            buffer.put(i, (byte) 0);
        }
        return buffer.putShort(NetlinkMessages.TYPE_OFFSET, (short) type)
                .putShort(NetlinkMessages.FLAGS_OFFSET, (short) flags)
                .putInt(NetlinkMessages.SEQUENCE_OFFSET, sequence)
                .position(NetlinkMessages.HEADER_LENGTH);
    }

    /** Sends the request up to the position; 0, or the errno with a minus sign. */
    int send() {
        int length = request.buffer().position();
        request.buffer().putInt(NetlinkMessages.LENGTH_OFFSET, length);
        messages.wrap(received.buffer(), 0);
        return Math.min(0, Libc.send(fd, request.address(0, length), length, 0));
    }

    /** Sends the request and goes to the first message of its answer; false when there is none. */
    boolean request() {
        return send() == 0 && nextAnswer();
    }

    /** Sends a request that has {@link #NLM_F_ACK}: 0 when it was done, or the errno with a minus sign. */
    int command() {
        int result = send();
        if (result < 0) {
            return result;
        }
        boolean answered =
                nextAnswer() && messages.type() == NetlinkMessages.NLMSG_ERROR && messages.hasBody(Integer.BYTES);
        return answered ? messages.bodyInt(0) : -Errno.EAGAIN;
    }

    /** Goes to the next message of the answer; messages left over from an earlier request are passed over. */
    boolean nextAnswer() {
        do {
            while (messages.next()) {
                if (messages.sequence() == sequence) {
                    return true;
                }
            }
        } while (receive() > 0);
        return false;
    }

    /**
     * Reads a datagram: its length, or the errno with a minus sign. {@link #messages} then stands before its first
     * message.
     */
    int receive() {
        int length = Libc.receive(fd, received.address(0, received.size()), received.size(), 0);
        messages.wrap(received.buffer(), Math.max(0, length));
        return length;
    }

    @Override
    public void close() {
        Libc.close(fd);
    }
}
