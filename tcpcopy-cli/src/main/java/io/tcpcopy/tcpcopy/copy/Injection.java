package io.tcpcopy.tcpcopy.copy;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How packets leave for the targets, and before them the routes of their answers. */
final class Injection implements TargetLink, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Injection.class);

    /**
     * How long the replay of a file waits while packets could not leave. The kernel asks a next hop three times, a second
     * apart: one that has not answered by then is not there. The replay goes on, and what is lost by that is counted.
     */
    private static final long MAX_UNREADY_NS = TimeUnit.SECONDS.toNanos(10);

    private final EventLoop loop;
    private final PacketSink sink;
    private final ReturnPath returnPath;
    private final int wantedMtu;
    private final CopyDelays delays = new CopyDelays();
    private int mtu;
    private long unreadySinceNs = NEVER;

    /**
     * Packets leave through a sink.
     *
     * @param returnPath whose routes leave before the packets that they are for
     * @param wantedMtu the most bytes that a packet may have, whatever the way takes
     */
    Injection(EventLoop loop, PacketSink sink, ReturnPath returnPath, int wantedMtu) {
        this.loop = loop;
        this.sink = sink;
        this.returnPath = returnPath;
        this.wantedMtu = wantedMtu;
        mtu = wantedMtu;
    }

    @Override
    public void send(OutgoingPacket packet) {
        flushFullBatch();
        delays.leaves(packet.capturedNs());
        sink.send(packet);
    }

    @Override
    public boolean hasRoom(int address, int port) {
        flushFullBatch();
        return sink.hasRoom(address, port);
    }

    private void flushFullBatch() {
        if (sink.isBatchFull()) {
            flush();
        }
    }

    /** Lets everything leave that waits: the routes, then the packets, so that no answer overtakes its route. */
    private void flush() {
        returnPath.flush();
        sink.flush();
        if (delays.isAnyLeaving()) {
            delays.left(loop.clockNs());
        }
    }

    /** Adds how late copies are; what becomes of packets is counted by the sink. */
    void addTo(Metrics metrics) {
        metrics.add(delays.histogram());
    }

    /** Copying begins. */
    void started() {
        sink.started();
    }

    /** The turn ends: everything leaves that waits. */
    void endTurn() {
        flush();
        int possible = Math.min(sink.mtu(), wantedMtu);
        if (possible != mtu) {
            mtu = possible;
            reportMtu();
        }
    }

    private void reportMtu() {
        if (mtu < wantedMtu) {
            LOG.warn(
                    "-M is {}, but the way to a target takes no more than {} bytes: longer packets are split to fit",
                    wantedMtu,
                    mtu);
        } else {
            LOG.info("the ways to all targets take packets of {} bytes again", wantedMtu);
        }
    }

    /** Whether packets leave at present. */
    boolean isReady() {
        return sink.isReady();
    }

    /** Whether the replay of a file may go on: packets would leave now, or have not been able to for too long. */
    boolean isReadyOrTimedOut() {
        if (sink.isReady()) {
            unreadySinceNs = NEVER;
            return true;
        }
        if (unreadySinceNs == NEVER) {
            unreadySinceNs = loop.nowNs();
        }
        return loop.nowNs() - unreadySinceNs >= MAX_UNREADY_NS;
    }

    /** No more packets come: those that the kernel does not take at once are given up. */
    void finish() {
        flush();
        sink.giveUp();
    }

    @Override
    public void close() {
        sink.close();
    }
}
