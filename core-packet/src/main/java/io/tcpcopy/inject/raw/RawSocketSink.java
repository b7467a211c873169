package io.tcpcopy.inject.raw;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * Where packets leave: a raw socket (raw(7)). They are queued and leave together at {@link #flush}, through sendmmsg(2). The packets have their own IP headers, in which the kernel fills total length and
 * checksum, and the kernel does the routing.
 *
 * <p>What the kernel does not send it reports to this socket alone. With IP_PMTUDISC_PROBE it does not answer packets
 * to their sources, who are real clients, where the MTU of a route is smaller than that of its device. With IP_RECVERR
 * it reports packets that a device's queue drops.
 *
 * <p>A packet that the kernel refuses is counted and skipped. When it has no room for more, packets wait in a bounded
 * queue until it has. Packets for a target that {@link TargetGate} does not let leave are dropped and counted: the
 * sessions repeat them, as they do with all that is lost on the path.
 */
public final class RawSocketSink implements PacketSink, Source {
    /** {@code IPPROTO_RAW} of ip(7): packets with their own headers; such a socket receives nothing. */
    private static final int IPPROTO_RAW = 255;

    /** Packets handed over in one call: with so many, the call costs little beside its packets. */
    private static final int PACKETS_PER_CALL = 64;
    /** The queue: many times what leaves in one call, since the kernel may have no room for a moment. */
    private static final int MAX_QUEUED_PACKETS = 1024;

    private static final int MAX_QUEUED_BYTES = 1 << 20;
    /** Packets in a device's queue count as the socket's, and a megabyte and more of them is usual. */
    private static final int SEND_BUFFER_BYTES = 4 << 20;

    private final EventLoop loop;
    private final TargetGate gate;
    private final int fd;
    private final Ipv4Header header = new Ipv4Header();
    private final MessageBatch queue = new MessageBatch(MAX_QUEUED_PACKETS, MAX_QUEUED_BYTES);
    private final InjectCounters counters;
    /** Packets of the queue that were sent, refused or dropped. */
    private int done;
    /** Set while the kernel has no room. */
    private Registration waiting;

    /**
     * Opens the socket.
     *
     * @param gate asked for each packet before it leaves; closed with the socket
     * @throws StartException when the capability CAP_NET_RAW is missing
     */
    public RawSocketSink(EventLoop loop, TargetGate gate) throws StartException {
        this.loop = loop;
        this.gate = gate;
        this.counters = new InjectCounters(loop::nowNs);
        this.fd = Libc.socket(Libc.AF_INET, Libc.SOCK_RAW | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, IPPROTO_RAW);
        if (fd == -Errno.EPERM || fd == -Errno.EACCES) {
            throw new StartException("no permission to inject packets: " + StartException.NET_RAW_NEEDED);
        }
        if (fd < 0) {
            throw new StartException("cannot open a raw socket to inject packets: " + Errno.message(-fd));
        }
        Libc.setOption(fd, Libc.IPPROTO_IP, Libc.IP_MTU_DISCOVER, Libc.IP_PMTUDISC_PROBE);
        Libc.setOption(fd, Libc.IPPROTO_IP, Libc.IP_RECVERR, 1);
        if (Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUFFORCE, SEND_BUFFER_BYTES) < 0) {
            // Without CAP_NET_ADMIN there is an upper bound, and less is good enough.
            Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_SNDBUF, SEND_BUFFER_BYTES);
        }
    }

    @Override
    public InjectCounters counters() {
        return counters;
    }

    @Override
    public boolean isReady() {
        return waiting == null && gate.isOpenForAll();
    }

    @Override
    public int mtu() {
        return gate.mtu();
    }

    @Override
    public void send(ByteBuffer buffer, int offset, int length) {
        if (length < Ipv4Header.MIN_LENGTH || length > Ipv4Header.MAX_TOTAL_LENGTH) {
            counters.failed(length > Ipv4Header.MAX_TOTAL_LENGTH ? Errno.EMSGSIZE : Errno.EINVAL);
            return;
        }
        if (!queue.hasRoom(length)) {
            counters.dropped();
            return;
        }
        queue.add(buffer, offset, length, header.wrap(buffer, offset).destination());
    }

    @Override
    public boolean isBatchFull() {
        return waiting == null && !queue.hasRoom(Ipv4Header.MAX_TOTAL_LENGTH);
    }

    @Override
    public void flush() {
        if (done == queue.count() || waiting != null) {
            return;
        }
        gate.refresh();
        while (done < queue.count()) {
            int number = sendableFromFront();
            if (number == 0) {
                counters.add(InjectCounter.NEXT_HOP_SILENT, 1);
                done++;
            } else if (!sendFront(number)) {
                waiting = loop.register(this, Priority.TUNNEL, SelectionKey.OP_WRITE);
                return;
            }
        }
        clearQueue();
    }

    @Override
    public int fd() {
        return fd;
    }

    /** The kernel has room again: for what is flushed at the end of this turn. */
    @Override
    public boolean ready(int readyOps) {
        stopWaiting();
        return false;
    }

    @Override
    public void giveUp() {
        stopWaiting();
        counters.add(InjectCounter.DROPPED, queue.count() - done);
        clearQueue();
    }

    @Override
    public void close() {
        giveUp();
        Libc.close(fd);
        gate.close();
    }

    /** How many packets from the front on may leave in one call: 0 when the first one may not. */
    private int sendableFromFront() {
        int most = Math.min(queue.count() - done, PACKETS_PER_CALL);
        int number = 0;
        while (number < most && gate.isOpen(queue.target(done + number))) {
            number++;
        }
        return number;
    }

    /** Returns false when the kernel has no room. */
    private boolean sendFront(int number) {
        int sent = Libc.sendMessages(fd, queue.address(done, number), number, 0);
        if (sent > 0) {
            counters.add(InjectCounter.SENT, sent);
            done += sent;
        } else if (sent == -Errno.EAGAIN) {
            return false;
        } else if (sent != -Errno.EINTR) {
            counters.failed(-sent);
            if (sent == -Errno.EMSGSIZE) {
                readQueuedError();
            }
            done++;
        }
        return true;
    }

    /**
     * The kernel also queues this error, and reports the socket as ready in each turn of the loop while one is queued.
     */
    private void readQueuedError() {
        Libc.receive(fd, 0, 0, Libc.MSG_ERRQUEUE);
    }

    private void clearQueue() {
        queue.clear();
        done = 0;
    }

    private void stopWaiting() {
        if (waiting != null) {
            waiting.cancel();
            waiting = null;
        }
    }
}
