package io.tcpcopy.capture;

import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.packet.CapturedPacket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.LongSupplier;

/** A device on a host of a network in memory: captures what a test says that it has seen. */
public final class MemorySource implements PacketSource {
    private final String name;
    private final LongSupplier clockNs;
    private final int descriptor;
    private final Queue<Captured> captured = new ArrayDeque<>();
    private final CapturedPacket view = new CapturedPacket();
    private long kernelDrops;
    private boolean lost;

    private record Captured(ByteBuffer packet, long arrivalNs) {}

    /** A device that has seen nothing yet; packets arrive at the time of the clock. */
    public MemorySource(MemoryNetwork.Host host, String name, LongSupplier clockNs) {
        this.name = name;
        this.clockNs = clockNs;
        this.descriptor = host.descriptor(() -> captured.isEmpty() ? 0 : SelectionKey.OP_READ);
    }

    /** Captures a copy of an IPv4 packet: all that remains in the buffer. */
    public void capture(ByteBuffer packet) {
        ByteBuffer copy = ByteBuffer.allocate(packet.remaining()).put(packet.duplicate());
        captured.add(new Captured(copy.flip(), clockNs.getAsLong()));
    }

    /** Says that the kernel dropped packets. */
    public void drop(int packets) {
        kernelDrops += packets;
    }

    /** The device is removed. */
    public void remove() {
        lost = true;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int descriptor() {
        return descriptor;
    }

    @Override
    public int poll(PacketHandler handler, int limit) throws SourceLostException {
        if (lost) {
            throw new SourceLostException(name + " is removed");
        }
        int count = 0;
        while (count < limit && !captured.isEmpty()) {
            Captured next = captured.remove();
            int length = next.packet.limit();
            handler.packet(view.wrap(next.packet, 0, length, length, next.arrivalNs));
            count++;
        }
        return count;
    }

    @Override
    public boolean reopen() {
        return !lost;
    }

    @Override
    public long notIpv4() {
        return 0;
    }

    @Override
    public long kernelDrops() {
        return kernelDrops;
    }

    @Override
    public void close() {
        captured.clear();
    }
}
