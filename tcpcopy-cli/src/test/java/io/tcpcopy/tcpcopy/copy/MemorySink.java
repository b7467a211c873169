package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.Segmenter;
import io.tcpcopy.packet.OutgoingPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where packets leave in a test: each flush hands them to the network. */
final class MemorySink implements PacketSink {
    /** So many are handed to the network together, when a turn has more. */
    static final int BATCH_PACKETS = 8;

    private static final int MTU = 1500;

    private final Consumer<ByteBuffer> network;
    private final InjectCounters counters = new InjectCounters(() -> 0);
    private final Segmenter segmenter = new Segmenter();
    private final List<ByteBuffer> queue = new ArrayList<>();

    MemorySink(Consumer<ByteBuffer> network) {
        this.network = network;
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
    public boolean hasRoom() {
        return true;
    }

    @Override
    public boolean isBatchFull() {
        return queue.size() >= BATCH_PACKETS;
    }

    @Override
    public void flush() {
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
        return true;
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
