package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.Segmenter;
import io.tcpcopy.packet.OutgoingPacket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** Where packets leave in a test, or do not. */
final class TestSink implements PacketSink {
    private static final int MTU = 1500;

    /** What becomes of packets from now on; null while the kernel has no room for them. */
    InjectCounter fate = InjectCounter.SENT;
    /** Why the kernel refuses packets, where their fate is {@link InjectCounter#FAILED}. */
    int errno;
    /** Whether all next hops have answered. */
    boolean ready = true;

    private final Consumer<ByteBuffer> network;
    private final InjectCounters counters = new InjectCounters(() -> 0);
    private final Segmenter segmenter = new Segmenter();
    private final List<ByteBuffer> queue = new ArrayList<>();

    /** Gives what is flushed to a network. */
    TestSink(Consumer<ByteBuffer> network) {
        this.network = network;
    }

    @Override
    public void send(OutgoingPacket packet) {
        segmenter.begin(packet, MTU);
        ByteBuffer bytes = ByteBuffer.allocate(segmenter.nextLength());
        segmenter.writeNext(bytes, 0);
        queue.add(bytes);
    }

    @Override
    public void flush() {
        if (fate == null) {
            return;
        }
        for (ByteBuffer packet : queue) {
            if (fate == InjectCounter.FAILED) {
                counters.failed(errno);
            } else {
                counters.add(fate, 1);
            }
            if (fate == InjectCounter.SENT) {
                network.accept(packet);
            }
        }
        queue.clear();
    }

    @Override
    public boolean hasRoom(int address, int port) {
        return fate != null;
    }

    @Override
    public boolean isBatchFull() {
        return false;
    }

    @Override
    public void giveUp() {
        queue.clear();
    }

    @Override
    public boolean isReady() {
        return ready;
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
