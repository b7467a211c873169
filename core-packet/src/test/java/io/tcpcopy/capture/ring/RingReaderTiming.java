package io.tcpcopy.capture.ring;

import com.sun.management.ThreadMXBean;
import io.tcpcopy.capture.PacketHandler;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Locale;

/** Says what reading a packet from a ring costs: {@code scripts/lib/lab-java io.tcpcopy.capture.ring.RingReaderTiming}. */
final class RingReaderTiming {
    private static final int FRAME_SIZE = 512;
    private static final int FRAMES = 16_384;
    private static final int ROUNDS = 200;
    private static final int NETWORK = 80;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(FRAMES * FRAME_SIZE).order(ByteOrder.nativeOrder());
    private final RingReader reader = new RingReader(null);
    private final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private final PacketHandler handler = packet -> this.bytes += packet.length();
    private long bytes;

    private RingReaderTiming() {
        reader.attach(new FrameRing(memory, FRAME_SIZE, false));
        for (int frame = 0; frame < memory.capacity(); frame += FRAME_SIZE) {
            memory.putInt(frame + 4, 52).putInt(frame + 8, 52);
            memory.putShort(frame + 12, (short) NETWORK).putShort(frame + 14, (short) NETWORK);
            memory.put(frame + 34, (byte) 8);
        }
    }

    /** Prints a line for each of some measurements: the first is of code that is not compiled yet. */
    public static void main(String[] args) {
        RingReaderTiming timing = new RingReaderTiming();
        for (int i = 0; i < 5; i++) {
            timing.measure();
        }
    }

    private void measure() {
        long ns = 0;
        long allocated = 0;
        for (int round = 0; round < ROUNDS; round++) {
            for (int frame = 0; frame < memory.capacity(); frame += FRAME_SIZE) {
                memory.putInt(frame, FrameRing.STATUS_USER);
            }
            long allocatedBefore = threads.getCurrentThreadAllocatedBytes();
            long startNs = System.nanoTime();
            int read = reader.read(handler, FRAMES);
            ns += System.nanoTime() - startNs;
            allocated += threads.getCurrentThreadAllocatedBytes() - allocatedBefore;
            if (read != FRAMES) {
                throw new AssertionError(read + " of " + FRAMES + " packets");
            }
        }
        double packets = (double) ROUNDS * FRAMES;
        System.out.printf(
                Locale.ROOT,
                "%.0f packets, %.1f ns each, %.4f bytes allocated each%n",
                packets,
                ns / packets,
                allocated / packets);
    }
}
