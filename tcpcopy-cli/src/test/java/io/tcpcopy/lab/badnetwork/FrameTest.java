package io.tcpcopy.lab.badnetwork;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.Checksum;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class FrameTest {

    private static final int IP = 10 + 14;
    private static final int TCP = IP + Ipv4Header.MIN_LENGTH;
    private static final int PAYLOAD = TCP + TcpHeader.MIN_LENGTH;
    /** RFC 9293, section 3.1. */
    private static final int CHECKSUM_OFFSET = 16;

    private static final int SEGMENT_SIZE = 1000;
    private static final int FLAGS = TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN | TcpHeader.CWR;

    private static Ipv4Header ip(Frame frame) {
        return new Ipv4Header().wrap(frame.memory().buffer(), IP);
    }

    private static TcpHeader tcp(Frame frame) {
        return new TcpHeader().wrap(frame.memory().buffer(), TCP);
    }

    private static ChecksumState checksum(Frame frame) {
        Ipv4Header ip = ip(frame);
        int length = frame.length() - TCP;
        return Checksum.stateOf(
                tcp(frame).checksum(),
                Checksum.pseudoHeader(ip.source(), ip.destination(), Ipv4Header.PROTOCOL_TCP, length),
                Checksum.add(0, frame.memory().buffer(), TCP, length));
    }

    /** A TCP segment as the kernel hands it to a device, which is to fill the checksum in. */
    private static Frame unfinished(int payload) {
        Frame frame = new Frame();
        ByteBuffer bytes = frame.memory().buffer();
        for (int i = 0; i < payload; i++) {
            bytes.put(PAYLOAD + i, (byte) (i * i));
        }
        frame.length(PAYLOAD + payload);
        Ipv4Header ip = ip(frame)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(frame.length() - IP)
                .id(7)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(0x0A010101)
                .destination(0x0A010001);
        ip.checksum(Checksum.ipv4(bytes, IP, Ipv4Header.MIN_LENGTH));
        long pseudoHeader = Checksum.pseudoHeader(
                ip.source(), ip.destination(), Ipv4Header.PROTOCOL_TCP, TcpHeader.MIN_LENGTH + payload);
        tcp(frame)
                .headerLength(TcpHeader.MIN_LENGTH)
                .seq(5000)
                .flags(FLAGS)
                .checksum(~Checksum.finish(pseudoHeader) & 0xFFFF);
        ByteBuffer virtio = bytes.duplicate().order(ByteOrder.nativeOrder());
        virtio.put(0, (byte) 1)
                .putShort(6, (short) (14 + Ipv4Header.MIN_LENGTH))
                .putShort(8, (short) CHECKSUM_OFFSET);
        return frame;
    }

    private static Frame merged(int payload) {
        Frame frame = unfinished(payload);
        ByteBuffer virtio = frame.memory().buffer().duplicate().order(ByteOrder.nativeOrder());
        virtio.put(1, (byte) 1).putShort(4, (short) SEGMENT_SIZE);
        return frame;
    }

    @Test
    void aChecksumThatIsLeftToTheDeviceIsFilledIn() {
        Frame frame = unfinished(333);
        assertThat(frame.isWhole()).isTrue();
        assertThat(checksum(frame)).isEqualTo(ChecksumState.NOT_FILLED_IN);
        frame.fillInChecksum();
        assertThat(checksum(frame)).isEqualTo(ChecksumState.RIGHT);
        assertThat(frame.memory().buffer().get(0))
                .as("nothing is left to the device")
                .isZero();
    }

    @Test
    void aTurnedBitMakesTheChecksumWrongAndLeavesTheIpHeaderAlone() {
        SplittableRandom random = new SplittableRandom(1);
        byte[] right = unfinished(5).copy();
        for (int i = 0; i < 1000; i++) {
            Frame frame = unfinished(5);
            frame.turnBit(random);
            assertThat(checksum(frame)).isEqualTo(ChecksumState.WRONG);
            assertThat(frame.copy()).startsWith(new byte[10]).hasSameSizeAs(right);
            assertThat(ByteBuffer.wrap(frame.copy(), IP, Ipv4Header.MIN_LENGTH))
                    .isEqualTo(ByteBuffer.wrap(right, IP, Ipv4Header.MIN_LENGTH));
        }
    }

    @Test
    void aMergedSegmentIsCutAsADeviceWouldCutIt() {
        Frame merged = merged(2 * SEGMENT_SIZE + 1);
        assertThat(merged.isMergedTcp()).isTrue();
        assertThat(merged.segments()).isEqualTo(3);
        Frame segment = new Frame();
        int[] flags = {TcpHeader.ACK | TcpHeader.CWR, TcpHeader.ACK, TcpHeader.ACK | TcpHeader.PSH | TcpHeader.FIN};
        int[] payload = {SEGMENT_SIZE, SEGMENT_SIZE, 1};
        for (int i = 0; i < 3; i++) {
            segment.segmentOf(merged, i);
            assertThat(segment.isWhole()).isTrue();
            assertThat(segment.length()).isEqualTo(PAYLOAD + payload[i]);
            assertThat(ip(segment).totalLength()).isEqualTo(segment.length() - IP);
            assertThat(ip(segment).id()).isEqualTo(7 + i);
            assertThat(ip(segment).checksum())
                    .isEqualTo(Checksum.ipv4(segment.memory().buffer(), IP, Ipv4Header.MIN_LENGTH));
            assertThat(tcp(segment).seq()).isEqualTo(5000 + i * SEGMENT_SIZE);
            assertThat(tcp(segment).flags()).isEqualTo(flags[i]);
            assertThat(checksum(segment)).isEqualTo(ChecksumState.RIGHT);
            assertThat(segment.memory().buffer().slice(PAYLOAD, payload[i]))
                    .isEqualTo(merged.memory().buffer().slice(PAYLOAD + i * SEGMENT_SIZE, payload[i]));
        }
    }
}
