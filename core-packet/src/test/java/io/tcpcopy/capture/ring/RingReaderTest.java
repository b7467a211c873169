package io.tcpcopy.capture.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Direction;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** The reader over plain memory, which the test fills as the kernel does. */
class RingReaderTest {
    private static final int FRAME_SIZE = 256;
    private static final int FRAMES = 4;
    private static final int NETWORK = 80;
    private static final int ROOM = FRAME_SIZE - NETWORK;
    private static final int LINK_LENGTH = 14;
    private static final int IPV4 = 0x0800;
    private static final int HOST = 0;
    private static final int OUTGOING = 4;

    private final ByteBuffer memory =
            ByteBuffer.allocateDirect(FRAMES * FRAME_SIZE).order(ByteOrder.nativeOrder());
    private final Deque<byte[]> longPackets = new ArrayDeque<>();
    private final RingReader reader = new RingReader(new LongPackets());
    private final List<String> seen = new ArrayList<>();
    private int next;

    private final class LongPackets implements RingReader.Queue {
        private final ByteBuffer buffer = ByteBuffer.allocate(65536);

        @Override
        public int receive() {
            if (longPackets.isEmpty()) {
                return -11;
            }
            byte[] packet = longPackets.remove();
            buffer.put(0, packet);
            return packet.length;
        }

        @Override
        public ByteBuffer buffer() {
            return buffer;
        }
    }

    RingReaderTest() {
        reader.attach(new FrameRing(memory, FRAME_SIZE, false));
    }

    /** The kernel fills the next frame; the packet's bytes are all this number. */
    private void fill(int status, int number, int length, int kept, int etherType, int packetType) {
        int frame = next % FRAMES * FRAME_SIZE;
        next++;
        memory.putInt(frame + 4, length)
                .putInt(frame + 8, kept)
                .putShort(frame + 12, (short) NETWORK)
                .putShort(frame + 14, (short) NETWORK)
                .putInt(frame + 16, 7)
                .putInt(frame + 20, 5);
        memory.duplicate().order(ByteOrder.BIG_ENDIAN).putShort(frame + 34, (short) etherType);
        memory.put(frame + 42, (byte) packetType);
        for (int i = 0; i < Math.min(kept, ROOM); i++) {
            memory.put(frame + NETWORK + i, (byte) number);
        }
        memory.putInt(frame, status);
    }

    private void fill(int number, int length) {
        fill(FrameRing.STATUS_USER, number, length, Math.min(length, ROOM), IPV4, HOST);
    }

    private void note(CapturedPacket packet) {
        seen.add(packet.buffer().get(packet.offset() + packet.length() - 1) + ":" + packet.length() + "/"
                + packet.wireLength());
        assertThat(packet.buffer().order()).isEqualTo(ByteOrder.BIG_ENDIAN);
    }

    private int read(int limit) {
        seen.clear();
        return reader.read(this::note, limit);
    }

    @Test
    void emptyRingHasNothing() {
        assertThat(read(10)).isZero();
    }

    @Test
    void packetsComeInOrderHoweverOftenTheRingComesRound() {
        for (int round = 0; round < 10; round++) {
            fill(round, 40);
            fill(round + 1, 41);
            fill(round + 2, 42);

            assertThat(read(10)).isEqualTo(3);
            assertThat(seen).containsExactly(round + ":40/40", round + 1 + ":41/41", round + 2 + ":42/42");
            assertThat(read(10)).isZero();
        }
    }

    @Test
    void frameIsGivenBackBehindItsPacketAlone() {
        fill(1, 40);
        fill(2, 40);

        assertThat(read(1)).isOne();
        assertThat(memory.getInt(0)).isZero();
        assertThat(memory.getInt(FRAME_SIZE)).isEqualTo(FrameRing.STATUS_USER);
    }

    @Test
    void packetThatDoesNotFitIsTakenFromTheQueueAsAWhole() {
        byte[] whole = new byte[60_000];
        whole[59_999] = 9;
        longPackets.add(whole);
        fill(FrameRing.STATUS_USER | FrameRing.STATUS_COPY, 1, 60_000, ROOM, IPV4, HOST);
        fill(2, 40);

        assertThat(read(10)).isEqualTo(2);
        assertThat(seen).containsExactly("9:60000/60000", "2:40/40");
        assertThat(reader.cut()).isZero();
    }

    @Test
    void packetForWhichTheQueueHadNoRoomIsCountedAndNotHandedOver() {
        fill(1, 60_000);
        fill(FrameRing.STATUS_USER | FrameRing.STATUS_COPY, 1, 60_000, ROOM, IPV4, HOST);
        fill(2, 40);

        assertThat(read(10)).isEqualTo(3);
        assertThat(seen).containsExactly("2:40/40");
        assertThat(reader.cut()).isEqualTo(2);
    }

    @Test
    void packetOfWhichNoMoreIsWantedIsHandedOverShort() {
        fill(FrameRing.STATUS_USER, 1, 60_000, 100, IPV4, HOST);

        read(10);
        assertThat(seen).containsExactly("1:100/60000");
        assertThat(reader.cut()).isZero();
    }

    @Test
    void whatIsNotIpv4IsCounted() {
        fill(FrameRing.STATUS_USER, 1, 40, 40, 0x86DD, HOST);
        fill(FrameRing.STATUS_USER, 1, 40, 40, 0x0806, HOST);
        fill(FrameRing.STATUS_USER, 1, 0, 0, IPV4, HOST);

        assertThat(read(10)).isEqualTo(3);
        assertThat(seen).isEmpty();
        assertThat(reader.notIpv4()).isEqualTo(3);
        assertThat(reader.ipv6()).isOne();
    }

    @Test
    void directionChecksumAndTimeAreTold() {
        List<String> told = new ArrayList<>();
        fill(FrameRing.STATUS_USER, 1, 40, 40, IPV4, HOST);
        fill(FrameRing.STATUS_USER | FrameRing.STATUS_CHECKSUM_NOT_READY, 1, 40, 40, IPV4, OUTGOING);
        fill(FrameRing.STATUS_USER | FrameRing.STATUS_CHECKSUM_VALID, 1, 40, 40, IPV4, 3);

        reader.read(packet -> told.add(packet.direction() + " " + packet.checksum() + " " + packet.arrivalNs()), 10);

        assertThat(told)
                .containsExactly(
                        Direction.INBOUND + " " + ChecksumState.UNKNOWN + " 7000000005",
                        Direction.OUTBOUND + " " + ChecksumState.NOT_FILLED_IN + " 7000000005",
                        Direction.INBOUND + " " + ChecksumState.RIGHT + " 7000000005");
    }

    @Test
    void linkHeaderIsPassedOverAndTheSizeOfSegmentsTold() {
        reader.attach(new FrameRing(memory, FRAME_SIZE, true));
        List<String> told = new ArrayList<>();
        int[][] headers = {{0, 0}, {1, 1448}, {5, 600}, {0x81, 1448}, {3, 1472}, {4, 1428}};
        for (int i = 0; i < headers.length; i++) {
            fillBehindLinkHeader(FrameRing.STATUS_USER, headers[i][0], headers[i][1], 40);
            reader.read(
                    packet -> told.add(packet.segmentSize() + ":" + packet.length() + "/" + packet.wireLength() + ":"
                            + (packet.offset() % FRAME_SIZE)),
                    1);
        }

        assertThat(told)
                .containsExactly(
                        "0:40/40:80", "1448:40/40:80", "600:40/40:80", "1448:40/40:80", "0:40/40:80", "0:40/40:80");
    }

    @Test
    void headersInFrontArePassedOverInTheQueueAsWell() {
        reader.attach(new FrameRing(memory, FRAME_SIZE, true));
        byte[] whole = new byte[10 + LINK_LENGTH + 2000];
        whole[whole.length - 1] = 9;
        longPackets.add(whole);
        fillBehindLinkHeader(FrameRing.STATUS_USER | FrameRing.STATUS_COPY, 5, 600, 2000);

        read(10);

        assertThat(seen).containsExactly("9:2000/2000");
    }

    private void fillBehindLinkHeader(int status, int mergedType, int segmentSize, int length) {
        int frame = next % FRAMES * FRAME_SIZE;
        fill(status, 1, LINK_LENGTH + length, LINK_LENGTH + Math.min(length, ROOM), IPV4, HOST);
        int link = NETWORK - LINK_LENGTH;
        memory.putShort(frame + 12, (short) link)
                .put(frame + link - 10 + 1, (byte) mergedType)
                .putShort(frame + link - 10 + 4, (short) segmentSize);
    }

    @Test
    void faultOfTheHandlerCostsNoOtherPacket() {
        fill(1, 40);
        fill(2, 40);

        assertThatThrownBy(() -> reader.read(
                        packet -> {
                            note(packet);
                            if (seen.size() == 1) {
                                throw new IllegalStateException("made by the test");
                            }
                        },
                        10))
                .hasMessage("made by the test");
        assertThat(seen).hasSize(2);
        assertThat(read(10)).isZero();
    }

    @Test
    void handlerMayEndTheReading() {
        fill(1, 40);
        fill(2, 40);

        assertThat(reader.read(packet -> reader.detach(), 10)).isOne();
        assertThat(read(10)).isZero();
    }

    /** The kernel writes no nonsense; if it did, no byte beyond the memory would be touched. */
    @Property
    void headersOfAnyKindAreReadWithinTheirFrames(@ForAll @Size(48) byte[] header) {
        int frame = next % FRAMES * FRAME_SIZE;
        memory.put(frame, header);
        memory.putInt(frame, FrameRing.STATUS_USER);

        assertThat(reader.read(
                        packet -> {
                            packet.buffer().get(packet.offset());
                            packet.buffer().get(packet.offset() + packet.length() - 1);
                            assertThat(packet.offset() + packet.length()).isLessThanOrEqualTo(frame + FRAME_SIZE);
                        },
                        1))
                .isOne();
        next++;
    }
}
