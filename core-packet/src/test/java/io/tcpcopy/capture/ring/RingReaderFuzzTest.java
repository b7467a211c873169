package io.tcpcopy.capture.ring;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any content of a ring, and of the queue for long packets. */
class RingReaderFuzzTest {
    private static final int FRAME_SIZE = 128;
    private static final int FRAMES = 8;
    private static final int NETWORK = 80;
    private static final int ROOM = FRAME_SIZE - NETWORK;
    private static final int LONGEST = 65536;

    @MethodSource("rings")
    @FuzzTest
    void nothingOutsideOfItsFrameOrQueueIsRead(byte[] content) {
        ByteBuffer memory = ByteBuffer.allocateDirect(FRAMES * FRAME_SIZE).order(ByteOrder.nativeOrder());
        memory.put(0, content, 0, Math.min(content.length, memory.capacity()));
        ByteBuffer queued = ByteBuffer.allocateDirect(LONGEST);
        int queuedLength = content.length == 0 ? -1 : content[0] * content[content.length - 1];
        boolean virtioHeaders = content.length % 2 == 1;
        RingReader reader = new RingReader(new RingReader.Queue() {
            @Override
            public int receive() {
                return Math.max(-1, queuedLength);
            }

            @Override
            public ByteBuffer buffer() {
                return queued;
            }
        });
        reader.attach(new FrameRing(memory, FRAME_SIZE, virtioHeaders));
        int[] packets = {0};

        int frames = reader.read(
                packet -> {
                    packets[0]++;
                    int end = packet.offset() + packet.length();
                    assertThat(packet.length()).isPositive().isLessThanOrEqualTo(packet.wireLength());
                    if (packet.buffer() == queued) {
                        assertThat(end).isLessThanOrEqualTo(queuedLength);
                    } else {
                        assertThat(packet.offset() / FRAME_SIZE).isEqualTo((end - 1) / FRAME_SIZE);
                    }
                },
                2 * FRAMES);

        assertThat(packets[0] + reader.notIpv4() + reader.cut()).isEqualTo(frames);
        assertThat(frames).isLessThanOrEqualTo(FRAMES);
    }

    /**
     * A packet in its frame, one that waits in the queue, one that is cut, one that is no IPv4, one that claims more than its
     * frame holds, and a frame of the kernel's.
     */
    static Stream<byte[]> rings() {
        ByteBuffer ring = ByteBuffer.allocate(6 * FRAME_SIZE).order(ByteOrder.nativeOrder());
        frame(ring, 0, FrameRing.STATUS_USER, 40, 40, 0x0800);
        frame(ring, 1, FrameRing.STATUS_USER | FrameRing.STATUS_COPY, 1000, ROOM, 0x0800);
        frame(ring, 2, FrameRing.STATUS_USER, 1000, ROOM, 0x0800);
        frame(ring, 3, FrameRing.STATUS_USER | FrameRing.STATUS_CHECKSUM_VALID, 40, 40, 0x86DD);
        frame(ring, 4, FrameRing.STATUS_USER, 1000, 1000, 0x0800);
        return Stream.of(ring.array(), Arrays.copyOf(ring.array(), ring.capacity() + 1));
    }

    private static void frame(ByteBuffer ring, int index, int status, int length, int kept, int etherType) {
        ring.position(index * FRAME_SIZE);
        ring.putInt(status).putInt(length).putInt(kept);
        ring.putShort((short) NETWORK).putShort((short) NETWORK).putInt(7).putInt(5);
        ring.put(index * FRAME_SIZE + 34, (byte) (etherType >> 8)).put(index * FRAME_SIZE + 35, (byte) etherType);
    }
}
