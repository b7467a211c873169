package io.tcpcopy.inject.raw;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;

/**
 * Where packets leave: a {@link RawSocket}. They are queued and leave together at {@link #flush}, through sendmmsg(2).
 *
 * <p>A packet that the kernel refuses is counted and skipped. When it has no room for more, packets wait in a bounded
 * queue until it has. Packets for a target that {@link TargetGate} does not let leave are dropped and counted: the
 * sessions repeat them, as they do with all that is lost on the path.
 */
public final class RawSocketSink implements PacketSink, Source {
    /** Packets handed over in one call: with so many, the call costs little beside its packets. */
    private static final int PACKETS_PER_CALL = 64;
    /** The queue: many times what leaves in one call, since the kernel may have no room for a moment. */
    private static final int MAX_QUEUED_PACKETS = 1024;

    private static final int MAX_QUEUED_BYTES = 1 << 20;

    private final EventLoop loop;
    private final TargetGate gate;
    private final RawSocket socket = new RawSocket();
    private final Ipv4Header header = new Ipv4Header();
    private final MessageBatch queue = new MessageBatch(MAX_QUEUED_PACKETS, MAX_QUEUED_BYTES);
    private final InjectCounters counters;
    /** Packets of the queue that were sent, refused or dropped. */
    private int done;
    /** The number of the target that the last packet goes to. */
    private int lastTarget;
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
        header.wrap(buffer, offset);
        if (header.fragmentOffset() == 0) {
            lastTarget = gate.target(header.destination(), destinationPort(buffer, offset, length));
        }
        // Fragments without ports come right behind the one that has them.
        queue.add(buffer, offset, length, header.destination(), lastTarget);
    }

    private int destinationPort(ByteBuffer buffer, int offset, int length) {
        int behind = header.headerLength() + 2 * Short.BYTES;
        return behind <= length ? buffer.getShort(offset + behind - Short.BYTES) & 0xFFFF : 0;
    }

    @Override
    public boolean isBatchFull() {
        return waiting == null && !queue.hasRoom(Ipv4Header.MAX_TOTAL_LENGTH);
    }

    @Override
    public void flush() {
        boolean nothingToSend = done == queue.count();
        if (waiting != null || nothingToSend && gate.isOpenForAll()) {
            return;
        }
        gate.refresh();
        while (done < queue.count()) {
            InjectCounter fate = gate.fate(queue.target(done));
            if (fate != InjectCounter.SENT) {
                counters.add(fate, 1);
                done++;
            } else if (!sendFront(sendableFromFront())) {
                waiting = loop.register(this, Priority.TUNNEL, SelectionKey.OP_WRITE);
                break;
            }
        }
        gate.left();
        if (waiting == null) {
            clearQueue();
        }
    }

    @Override
    public int fd() {
        return socket.fd();
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
        socket.close();
        gate.close();
    }

    /** How many packets from the front on may leave in one call: at least the first one may. */
    private int sendableFromFront() {
        int most = Math.min(queue.count() - done, PACKETS_PER_CALL);
        int number = 1;
        while (number < most && gate.fate(queue.target(done + number)) == InjectCounter.SENT) {
            number++;
        }
        return number;
    }

    /** Returns false when the kernel has no room. */
    private boolean sendFront(int number) {
        for (int i = done; i < done + number; i++) {
            gate.leaving(queue.target(i), queue.packets(), queue.offset(i));
        }
        int sent = socket.send(queue, done, number);
        if (sent > 0) {
            counters.add(InjectCounter.SENT, sent);
            done += sent;
        } else if (sent == -Errno.EAGAIN) {
            return false;
        } else if (sent != -Errno.EINTR) {
            counters.failed(-sent);
            gate.refused(queue.target(done), -sent);
            done++;
        }
        return true;
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
