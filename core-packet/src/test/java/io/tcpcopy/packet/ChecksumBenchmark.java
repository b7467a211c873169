package io.tcpcopy.packet;

import java.nio.ByteBuffer;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The checksum of one TCP segment: an acknowledgement with options, a full segment, and what the kernel merges. */
@State(Scope.Thread)
public class ChecksumBenchmark {
    private static final int SOURCE = 0x0A010001;
    private static final int DESTINATION = 0x0A010064;

    /** Bytes of header and payload. */
    @Param({"60", "1460", "65536"})
    public int length;

    private final ByteBuffer segment = ByteBuffer.allocateDirect(1 << 16);

    /** With any bytes, but always the same. */
    public ChecksumBenchmark() {
        byte[] bytes = new byte[segment.capacity()];
        new Random(1).nextBytes(bytes);
        segment.put(0, bytes);
    }

    @Benchmark
    public int tcp() {
        return Checksum.tcp(segment, SOURCE, DESTINATION, 0, length);
    }
}
