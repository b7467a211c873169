package io.tcpcopy.capture.ring;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** A packet that is read from a ring as large as a processor's cache; all frames are full. */
@State(Scope.Thread)
public class RingReaderBenchmark {
    private static final int FRAME_SIZE = 512;
    private static final int FRAMES = 16_384;
    private static final int NETWORK = 80;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(FRAMES * FRAME_SIZE).order(ByteOrder.nativeOrder());
    private final RingReader reader = new RingReader(null);

    /** Frames with packets of 52 bytes, which still belong to the kernel. */
    public RingReaderBenchmark() {
        reader.attach(new FrameRing(memory, FRAME_SIZE, false));
        for (int frame = 0; frame < memory.capacity(); frame += FRAME_SIZE) {
            memory.putInt(frame + 4, 52).putInt(frame + 8, 52);
            memory.putShort(frame + 12, (short) NETWORK).putShort(frame + 14, (short) NETWORK);
            memory.put(frame + 34, (byte) 8);
        }
    }

    /** As the kernel does; a reading takes more than a millisecond, so that this may happen before each. */
    @Setup(Level.Invocation)
    public void fill() {
        for (int frame = 0; frame < memory.capacity(); frame += FRAME_SIZE) {
            memory.putInt(frame, FrameRing.STATUS_USER);
        }
    }

    @Benchmark
    @OperationsPerInvocation(FRAMES)
    public void read(Blackhole packets) {
        int read = reader.read(packet -> packets.consume(packet.length()), FRAMES);
        if (read != FRAMES) {
            throw new AssertionError(read + " of " + FRAMES + " packets");
        }
    }
}
