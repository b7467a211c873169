package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
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
    private final List<ByteBuffer> queue = new ArrayList<>();

    MemorySink(Consumer<ByteBuffer> network) {
        this.network = network;
    }

    @Override
    public void send(ByteBuffer buffer, int offset, int length) {
        queue.add(ByteBuffer.allocate(length).put(0, buffer, offset, length));
    }

    @Override
    public boolean isBatchFull() {
        return queue.size() == BATCH_PACKETS;
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
