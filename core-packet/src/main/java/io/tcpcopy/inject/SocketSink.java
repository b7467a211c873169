package io.tcpcopy.inject;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.OutgoingPacket;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;

/**
 * Where packets leave by one way out: its {@link Outlet}. They are cut and queued, and leave together at {@link #flush}, through
 * sendmmsg(2).
 *
 * <p>A packet of which the kernel refuses a part is counted and skipped. When it has no room for more, packets wait until it has:
 * then {@link #hasRoom} says no, and what comes nevertheless is taken as long as there is memory. Packets for a target that the
 * {@link TargetGate} does not let leave are dropped and counted: the sessions repeat them, as they do with all that is lost on the
 * path.
 */
public final class SocketSink implements PacketSink, Source {
    /** Messages handed over in one call: with so many, the call costs little beside its messages. */
    private static final int MESSAGES_PER_CALL = 64;
    /** A batch is to be flushed when it has so much: a few calls, and for bytes less than what processors keep near. */
    private static final int FULL_MESSAGES = 256;

    private static final int FULL_BYTES = 256 << 10;
    /**
     * Memory of the batch: what is full, the largest packet behind it (745 messages, see {@link Segmenter}), and some thousand short
     * packets that are sent although the kernel has no room.
     */
    private static final int MAX_MESSAGES = 4096;

    private static final int MAX_BYTES = 1 << 20;

    /** How long to wait when a device's queue is full: nothing tells when it takes packets again. */
    private static final long RETRY_NS = TimeUnit.MILLISECONDS.toNanos(1);
    /**
     * How long a queue may be full without taking a single message. One that never takes the message in front, which may be longer
     * than it takes at all, must not keep those behind it.
     */
    private static final long MAX_FULL_NS = TimeUnit.SECONDS.toNanos(5);

    private final EventLoop loop;
    private final Targets targets;
    private final TargetGate gate;
    private final Outlet outlet;
    private final InjectCounters counters;
    private final MessageBatch batch;
    private final LoopTimer retryTimer;
    /** Messages of the batch that were sent, refused or dropped. */
    private int done;
    /** Set while the socket's buffer is full. */
    private Registration writable;
    /** Whether something of the batch found no room. */
    private boolean held;
    /** Whether a device's queue has refused the message in front, and since when. */
    private boolean queueIsFull;

    private long fullSinceNs;

    /**
     * Packets leave through an outlet.
     *
     * @param gate asked for each packet before it leaves; closed with the sink
     * @param outlet closed with the sink
     * @param counters that may be those of other sinks as well
     * @throws StartException when there is no memory for what is queued
     */
    public SocketSink(EventLoop loop, Targets targets, TargetGate gate, Outlet outlet, InjectCounters counters)
            throws StartException {
        this.loop = loop;
        this.targets = targets;
        this.gate = gate;
        this.outlet = outlet;
        this.counters = counters;
        batch = new MessageBatch(MAX_MESSAGES, MAX_BYTES, outlet.addressLength());
        // The turn in which it runs ends with a flush.
        retryTimer = loop.timer(() -> {});
    }

    @Override
    public InjectCounters counters() {
        return counters;
    }

    @Override
    public boolean isReady() {
        return !held && gate.isOpenForAll();
    }

    @Override
    public int mtu() {
        return gate.mtu();
    }

    @Override
    public void send(OutgoingPacket packet) {
        send(packet, targets.find(packet.ip().destination(), packet.tcp().destinationPort()));
    }

    /**
     * As {@link #send(OutgoingPacket)}, for a target that was looked up before.
     *
     * @param target its number, negative for one that is not known
     */
    public void send(OutgoingPacket packet, int target) {
        if (target < 0) {
            counters.failed(Errno.EHOSTUNREACH);
            return;
        }
        InjectCounter fate = gate.fate(target);
        if (fate != InjectCounter.SENT) {
            counters.add(fate, 1);
        } else if (!outlet.write(packet, target, gate.mtu(target), batch)) {
            counters.dropped();
        }
    }

    @Override
    public boolean hasRoom() {
        return !held;
    }

    @Override
    public boolean isBatchFull() {
        return !held && (batch.count() >= FULL_MESSAGES || batch.usedBytes() >= FULL_BYTES);
    }

    @Override
    public void flush() {
        boolean nothingToSend = done == batch.count();
        if (isWaiting() || nothingToSend && gate.isOpenForAll()) {
            return;
        }
        gate.refresh();
        while (done < batch.count() && !isWaiting()) {
            InjectCounter fate = gate.fate(batch.target(done));
            if (fate == InjectCounter.SENT) {
                sendFront(sendableFromFront());
            } else {
                counters.add(fate, 1);
                skipPacket();
            }
        }
        gate.left();
        if (done == batch.count()) {
            clear();
        }
    }

    @Override
    public int fd() {
        return outlet.fd();
    }

    /** The socket has room again: for what is flushed at the end of this turn. */
    @Override
    public boolean ready(int readyOps) {
        stopWaiting();
        return false;
    }

    @Override
    public void giveUp() {
        stopWaiting();
        while (done < batch.count()) {
            counters.add(InjectCounter.DROPPED, 1);
            skipPacket();
        }
        clear();
    }

    @Override
    public void close() {
        giveUp();
        outlet.close();
        batch.close();
        gate.close();
    }

    /** How many messages from the front on may leave in one call: at least the first one may. */
    private int sendableFromFront() {
        int most = Math.min(batch.count() - done, MESSAGES_PER_CALL);
        int number = 1;
        while (number < most && gate.fate(batch.target(done + number)) == InjectCounter.SENT) {
            number++;
        }
        return number;
    }

    private void sendFront(int number) {
        for (int i = done; i < done + number; i++) {
            gate.leaving(batch.target(i), batch.bytes(), batch.offset(i));
        }
        int sent = outlet.send(batch, done, number);
        if (sent > 0) {
            queueIsFull = false;
            countSent(sent);
        } else if (sent != -Errno.EINTR) {
            gate.refused(batch.target(done), -sent);
            if (!isHeld(-sent)) {
                counters.failed(-sent);
                skipPacket();
            }
        }
    }

    private void countSent(int messages) {
        for (int end = done + messages; done < end; done++) {
            if (batch.isLastOfPacket(done)) {
                counters.add(InjectCounter.SENT, 1);
            }
        }
    }

    /** Goes to the packet behind the one in front, of which some messages may have been sent. */
    private void skipPacket() {
        while (!batch.isLastOfPacket(done)) {
            done++;
        }
        done++;
    }

    /** Waits if an error means that there is no room for the message in front; returns false for other errors. */
    private boolean isHeld(int errno) {
        if (errno == Errno.EAGAIN) {
            held = true;
            writable = loop.register(this, Priority.TUNNEL, SelectionKey.OP_WRITE);
            return true;
        }
        if (errno != Errno.ENOBUFS) {
            return false;
        }
        if (!queueIsFull) {
            queueIsFull = true;
            fullSinceNs = loop.nowNs();
        } else if (loop.nowNs() - fullSinceNs >= MAX_FULL_NS) {
            queueIsFull = false;
            return false;
        }
        held = true;
        retryTimer.schedule(RETRY_NS);
        return true;
    }

    private boolean isWaiting() {
        return writable != null || retryTimer.isScheduled();
    }

    private void clear() {
        batch.clear();
        done = 0;
        held = false;
    }

    private void stopWaiting() {
        retryTimer.cancel();
        if (writable != null) {
            writable.cancel();
            writable = null;
        }
    }
}
