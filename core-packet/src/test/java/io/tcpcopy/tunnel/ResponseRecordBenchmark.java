package io.tcpcopy.tunnel;

import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** One response through the tunnel: made a record of at one end, in full batches, and read at the other. */
@State(Scope.Thread)
public class ResponseRecordBenchmark {
    /** With time stamps, as Linux has them. */
    private static final int TCP_LENGTH = 32;

    private static final int PAYLOAD = 1000;

    private final ByteBuffer packet = ByteBuffer.allocateDirect(Ipv4Header.MIN_LENGTH + TCP_LENGTH + PAYLOAD);
    /** The kernel knows what the checksum of most responses is like. */
    private final CapturedPacket captured = Captured.whole(packet).checksum(ChecksumState.RIGHT);

    private final CapturedResponse response = new CapturedResponse(TunnelFormat.COMBINED);
    private final Batch batch = new Batch(TunnelFormat.COMBINED);
    private Blackhole read;
    private final BatchReader reader =
            new BatchReader(TunnelFormat.COMBINED, record -> read.consume(record.payloadLength()));

    /** A response of 1000 bytes, and a batch of such ones to read. */
    public ResponseRecordBenchmark() {
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(packet.capacity())
                .protocol(Ipv4Header.PROTOCOL_TCP);
        new TcpHeader()
                .wrap(packet, Ipv4Header.MIN_LENGTH)
                .headerLength(TCP_LENGTH)
                .flags(TcpHeader.ACK | TcpHeader.PSH);
        fill();
    }

    @Benchmark
    @OperationsPerInvocation(TunnelFormat.LARGEST_BATCH)
    public ByteBuffer encode() {
        batch.clear();
        fill();
        return batch.bytes();
    }

    private void fill() {
        while (!batch.isFull()) {
            if (response.parse(captured) != ResponseVerdict.WHOLE) {
                throw new AssertionError("no response");
            }
            response.write(0, batch.bytes(), batch.add());
        }
    }

    @Benchmark
    @OperationsPerInvocation(TunnelFormat.LARGEST_BATCH)
    public boolean decode(Blackhole records) {
        read = records;
        return reader.read(batch.bytes().clear());
    }
}
