package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.Segmenter;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.packet.OutgoingPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** Where packets leave in a test: each flush hands them to the network. */
final class MemorySink implements PacketSink {
    /** So many are handed to the network together, when a turn has more. */
    static final int BATCH_PACKETS = 8;

    private static final int MTU = 1500;

    private final Consumer<ByteBuffer> network;
    private final LongSupplier fullForNs;
    private final LoopTimer roomTimer;
    private final InjectCounters counters = new InjectCounters(() -> 0);
    private final Segmenter segmenter = new Segmenter();
    private final List<ByteBuffer> queue = new ArrayList<>();
    private boolean full;

    /**
     * Hands packets to a network.
     *
     * @param fullForNs asked before each batch, for how long the kernel has no room; 0 if it has
     */
    MemorySink(EventLoop loop, Consumer<ByteBuffer> network, LongSupplier fullForNs) {
        this.network = network;
        this.fullForNs = fullForNs;
        // The turn in which it runs ends with a flush.
        roomTimer = loop.timer(() -> full = false);
    }

    @Override
    public void send(OutgoingPacket packet) {
        segmenter.begin(packet, MTU);
        while (segmenter.hasNext()) {
            ByteBuffer part = ByteBuffer.allocate(segmenter.nextLength());
            segmenter.writeNext(part, 0);
            queue.add(part);
        }
    }

    @Override
    public boolean hasRoom(int address, int port) {
        return !full;
    }

    @Override
    public boolean isBatchFull() {
        return !full && queue.size() >= BATCH_PACKETS;
    }

    @Override
    public void flush() {
        if (full || queue.isEmpty()) {
            return;
        }
        long fullNs = fullForNs.getAsLong();
        if (fullNs > 0) {
            full = true;
            roomTimer.schedule(fullNs);
            return;
        }
        List<ByteBuffer> leaving = List.copyOf(queue);
        queue.clear();
        counters.add(InjectCounter.SENT, leaving.size());
        leaving.forEach(network);
    }

    @Override
    public void giveUp() {
        counters.add(InjectCounter.DROPPED, queue.size());
        queue.clear();
    }

    @Override
    public boolean isReady() {
        return !full;
    }

    @Override
    public int mtu() {
        return MTU;
    }

    @Override
    public InjectCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        giveUp();
    }
}
