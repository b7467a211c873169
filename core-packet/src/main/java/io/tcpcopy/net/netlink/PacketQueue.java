package io.tcpcopy.net.netlink;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.StartException;
import java.nio.ByteBuffer;

/**
 * The queue of netfilter to which rules with the target NFQUEUE send packets, each to wait for a verdict
 * ({@code linux/netfilter/nfnetlink_queue.h}). While it is closed the kernel drops them, unless the rule says
 * {@code --queue-bypass}; what waits when it is closed is dropped, too.
 *
 * <p>Packets come before the kernel cuts them into segments: up to 64 KB, with a checksum that is not there yet.
 */
public final class PacketQueue implements AutoCloseable {
    /** The queue of rules that name none. */
    public static final int NUMBER = 0;
    /** How many packets a queue holds unless told otherwise: {@code NFQNL_QMAX_DEFAULT} of the kernel. */
    public static final int DEFAULT_LENGTH = 1024;

    /** {@code NFNL_SUBSYS_QUEUE} of {@code linux/netfilter/nfnetlink.h}: upper byte of the type of its messages. */
    static final int SUBSYSTEM = 3;
    /** {@code struct nfgenmsg}: family, version 0, number of the queue in network byte order. */
    static final int BODY_LENGTH = 4;

    /** The protocol, of {@code linux/netlink.h}. */
    private static final int NETLINK_NETFILTER = 12;

    /** {@code NFQNL_MSG_CONFIG} and its attributes. */
    private static final int CONFIG = SUBSYSTEM << Byte.SIZE | 2;

    private static final short NFQA_CFG_CMD = 1;
    private static final short NFQA_CFG_PARAMS = 2;
    private static final short NFQA_CFG_QUEUE_MAXLEN = 3;
    private static final short NFQA_CFG_MASK = 4;
    private static final short NFQA_CFG_FLAGS = 5;

    private static final byte NFQNL_CFG_CMD_BIND = 1;
    private static final byte NFQNL_CFG_CMD_PF_BIND = 3;
    private static final byte NFQNL_COPY_PACKET = 2;
    /**
     * The kernel neither cuts packets into segments nor computes their checksums: few packets are accepted, and the
     * kernel completes these when they leave.
     */
    private static final int NFQA_CFG_F_GSO = 1 << 2;

    private static final int VALUE_LENGTH = NetlinkMessages.ATTRIBUTE_HEADER_LENGTH + Integer.BYTES;
    private static final int PARAMETERS_LENGTH = VALUE_LENGTH + 1;

    /** All attributes besides the packet's bytes take about 150. */
    private static final int ATTRIBUTES_LENGTH = 512;
    /** What a message of a packet takes of the receive buffer, which the kernel makes twice as large. */
    private static final int MESSAGE_BYTES = 1024;

    private final NetlinkSocket socket;
    private final QueuedPacket packet;
    private final VerdictBatch verdicts = new VerdictBatch();

    /**
     * Takes packets from now on.
     *
     * @param length most packets to hold, from {@link #DEFAULT_LENGTH} on; those beyond are dropped
     * @param copyRange bytes of each packet that are handed over, its IP header first
     * @throws StartException when the privilege is missing, or another program has the queue
     */
    public PacketQueue(int length, int copyRange) throws StartException {
        try (OpenedTogether opened = new OpenedTogether()) {
            socket = opened.add(
                    new NetlinkSocket(NETLINK_NETFILTER, 0, ATTRIBUTES_LENGTH + copyRange, purpose()),
                    NetlinkSocket::close);
            packet = new QueuedPacket(socket.messages(), socket.received());
            growReceiveBuffer(length);
            checkPermission();
            bind(length);
            copyPackets(copyRange);
            opened.keep();
        }
    }

    /** The descriptor, readable when packets wait. */
    public int fd() {
        return socket.fd();
    }

    /**
     * Goes to the next packet that waits, without waiting.
     *
     * @return 1 when {@link #packet} is it, 0 when there is none, or the errno with a minus sign; {@code -ENOBUFS} when
     *     the kernel had to drop packets before
     */
    public int next() {
        while (true) {
            while (socket.messages().next()) {
                if (packet.read()) {
                    return 1;
                }
            }
            int length = socket.receive();
            if (length == -Errno.EAGAIN || length == -Errno.EINTR) {
                return 0;
            }
            if (length < 0) {
                return length;
            }
        }
    }

    /** The packet that {@link #next} has gone to. */
    public QueuedPacket packet() {
        return packet;
    }

    /** Notes whether the packet is accepted, or dropped. {@link #sendVerdicts} hands the verdict to the kernel. */
    public void verdict(boolean accept) {
        if (verdicts.isFull()) {
            sendVerdicts();
        }
        verdicts.add(packet.id(), accept);
    }

    /**
     * Hands over the verdicts noted. Should the kernel have no memory for them, the packets stay in the queue and share
     * the verdict of the one behind them.
     */
    public void sendVerdicts() {
        if (verdicts.length() > 0) {
            Libc.send(socket.fd(), verdicts.address(), verdicts.length(), 0);
            verdicts.clear();
        }
    }

    @Override
    public void close() {
        socket.close();
    }

    /** The number of packets is the queue's bound, so the receive buffer must hold as many. */
    private void growReceiveBuffer(int length) {
        int bytes = length * MESSAGE_BYTES;
        if (Libc.setOption(socket.fd(), Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, bytes) < 0) {
            Libc.setOption(socket.fd(), Libc.SOL_SOCKET, Libc.SO_RCVBUF, bytes);
        }
    }

    /** The kernel refuses a queue that is taken with EPERM, too. This command, where it is permitted, has no effect. */
    private void checkPermission() throws StartException {
        ByteBuffer request = beginAcknowledged();
        putCommand(request, NFQNL_CFG_CMD_PF_BIND);
        int result = socket.command();
        if (result == -Errno.EPERM) {
            throw new StartException(
                    Code.PRIVILEGE,
                    "no permission to " + purpose() + ": CAP_NET_ADMIN is needed; run as root, or give"
                            + " the service AmbientCapabilities=CAP_NET_ADMIN in its systemd unit");
        }
        if (result < 0) {
            throw new StartException("cannot " + purpose() + ": " + Errno.message(-result)
                    + "; does the kernel have the module nfnetlink_queue?");
        }
    }

    private void bind(int length) throws StartException {
        ByteBuffer request = beginAcknowledged();
        putCommand(request, NFQNL_CFG_CMD_BIND);
        putValue(request, NFQA_CFG_QUEUE_MAXLEN, length);
        putValue(request, NFQA_CFG_MASK, NFQA_CFG_F_GSO);
        putValue(request, NFQA_CFG_FLAGS, NFQA_CFG_F_GSO);
        int result = socket.command();
        if (result == -Errno.EPERM || result == -Errno.EBUSY) {
            throw new StartException("cannot " + purpose() + ": another program has it");
        }
        if (result < 0) {
            throw new StartException("cannot " + purpose() + ": " + Errno.message(-result));
        }
    }

    /** The last step, without acknowledgement: messages with packets may come before it. */
    private void copyPackets(int copyRange) throws StartException {
        ByteBuffer request = begin(NetlinkSocket.NLM_F_REQUEST);
        request.putShort((short) PARAMETERS_LENGTH).putShort(NFQA_CFG_PARAMS);
        request.putInt(NetlinkMessages.networkOrder(copyRange)).putInt(0);
        request.put(request.position() - Integer.BYTES, NFQNL_COPY_PACKET);
        int result = socket.send();
        if (result < 0) {
            throw new StartException("cannot " + purpose() + ": " + Errno.message(-result));
        }
    }

    private ByteBuffer beginAcknowledged() {
        return begin(NetlinkSocket.NLM_F_REQUEST | NetlinkSocket.NLM_F_ACK);
    }

    /** The body stays zero: any family, and the queue of number 0. */
    private ByteBuffer begin(int flags) {
        ByteBuffer request = socket.begin(CONFIG, flags);
        return request.position(request.position() + BODY_LENGTH);
    }

    /** {@code struct nfqnl_msg_config_cmd}. */
    private static void putCommand(ByteBuffer request, byte command) {
        request.putShort((short) VALUE_LENGTH).putShort(NFQA_CFG_CMD);
        request.put(command).put((byte) 0).putShort((short) 0);
    }

    private static void putValue(ByteBuffer request, short type, int value) {
        request.putShort((short) VALUE_LENGTH).putShort(type).putInt(NetlinkMessages.networkOrder(value));
    }

    private static String purpose() {
        return "take packets from NFQUEUE " + NUMBER;
    }
}
