package io.tcpcopy.inject;

import static io.tcpcopy.timer.TimerHeap.NEVER;

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
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Where packets leave by one way out: its {@link Outlet}. They are cut and queued, and leave together at {@link #flush}, through
 * sendmmsg(2).
 *
 * <p>A packet of which the kernel refuses a part is counted and skipped. When it has no room for more, packets wait until it has:
 * then {@link #hasRoom} says no, and what comes nevertheless is taken as long as there is memory. A kernel that takes nothing for 5
 * seconds is waited for no more: until it takes something again, what it refuses is dropped and counted. So are packets for a
 * target that the {@link TargetGate} does not let leave: the sessions repeat them, as they do with all that is lost on the path.
 */
public final class SocketSink implements PacketSink, Source {
    private static final Logger LOG = LoggerFactory.getLogger(SocketSink.class);

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
    /** How long the kernel is waited for while it does not take a single message. */
    private static final long MAX_WAIT_NS = TimeUnit.SECONDS.toNanos(5);

    private final EventLoop loop;
    private final Targets targets;
    private final TargetGate gate;
    private final Outlet outlet;
    private final InjectCounters counters;
    private final Runnable closeOwned;
    private final MessageBatch batch;
    private final LoopTimer retryTimer;
    /** Messages of the batch that were sent, refused or dropped. */
    private int done;
    /** Set while the socket's buffer is full. */
    private Registration writable;
    /** Whether something of the batch found no room. */
    private boolean held;
    /** Since when there has been no room for the message in front; {@link #NEVER} where there is. */
    private long noRoomSinceNs = NEVER;
    /** Whether that was for too long. */
    private boolean stuck;

    /**
     * Packets leave through an outlet.
     *
     * @param gate asked for each packet before it leaves; other sinks may ask it as well
     * @param outlet closed with the sink, and where none can be made
     * @param counters that may be those of other sinks as well
     * @throws StartException when there is no memory for what is queued
     */
    public SocketSink(EventLoop loop, Targets targets, TargetGate gate, Outlet outlet, InjectCounters counters)
            throws StartException {
        this(loop, targets, gate, outlet, counters, () -> {});
    }

    /** The same, for a sink that owns something: {@code closeOwned} is called when it is closed. */
    public SocketSink(
            EventLoop loop,
            Targets targets,
            TargetGate gate,
            Outlet outlet,
            InjectCounters counters,
            Runnable closeOwned)
            throws StartException {
        this.loop = loop;
        this.targets = targets;
        this.gate = gate;
        this.outlet = outlet;
        this.counters = counters;
        this.closeOwned = closeOwned;
        try {
            batch = new MessageBatch(MAX_MESSAGES, MAX_BYTES, outlet.addressLength());
        } catch (StartException e) {
            outlet.close();
            throw e;
        }
        // The turn in which it runs ends with a flush.
        retryTimer = loop.timer(this::stopWaiting);
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

    /** The same for all targets, which share the socket. */
    @Override
    public boolean hasRoom(int address, int port) {
        return hasRoom();
    }

    /** Whether packets with payload should be sent now. */
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
        dropAll();
        clear();
    }

    @Override
    public void close() {
        giveUp();
        outlet.close();
        batch.close();
        closeOwned.run();
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
            noteRoom();
            countSent(sent);
        } else if (sent != -Errno.EINTR) {
            refused(-sent);
        }
    }

    private void noteRoom() {
        noRoomSinceNs = NEVER;
        if (stuck) {
            stuck = false;
            LOG.info("target {} gets packets again", targets.get(batch.target(done)));
        }
    }

    private void refused(int errno) {
        gate.refused(batch.target(done), errno);
        if (errno != Errno.EAGAIN && errno != Errno.ENOBUFS) {
            counters.failed(errno);
            skipPacket();
        } else if (isWorthWaiting()) {
            waitForRoom(errno);
        } else {
            dropAll();
        }
    }

    private boolean isWorthWaiting() {
        if (noRoomSinceNs == NEVER) {
            noRoomSinceNs = loop.nowNs();
        }
        if (!stuck && loop.nowNs() - noRoomSinceNs >= MAX_WAIT_NS) {
            stuck = true;
            LOG.warn(
                    "target {} gets no packets: the kernel has taken none for 5 s (does the device send?); they are dropped until it does",
                    targets.get(batch.target(done)));
        }
        return !stuck;
    }

    /** Waits until the socket can be written to, or a device's queue may take something: that is not told. */
    private void waitForRoom(int errno) {
        held = true;
        if (errno == Errno.EAGAIN) {
            writable = loop.register(this, Priority.TUNNEL, SelectionKey.OP_WRITE);
            retryTimer.schedule(noRoomSinceNs + MAX_WAIT_NS - loop.nowNs());
        } else {
            retryTimer.schedule(RETRY_NS);
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

    private void dropAll() {
        while (done < batch.count()) {
            counters.add(InjectCounter.DROPPED, 1);
            skipPacket();
        }
    }

    private boolean isWaiting() {
        return writable != null || retryTimer.isScheduled();
    }

    private void clear() {
        batch.clear();
        done = 0;
        held = false;
        noRoomSinceNs = NEVER;
    }

    private void stopWaiting() {
        retryTimer.cancel();
        if (writable != null) {
            writable.cancel();
            writable = null;
        }
    }
}
