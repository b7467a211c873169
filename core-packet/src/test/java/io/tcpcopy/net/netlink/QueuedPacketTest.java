package io.tcpcopy.net.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.net.Libc;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class QueuedPacketTest {
    private static final int PACKET_MESSAGE = 0x300;
    private static final int VERDICT_MESSAGE = 0x301;
    private static final byte[] PACKET = {0x45, 0, 0, 40, 1};

    private final ByteBuffer bytes = ByteBuffer.allocate(512).order(ByteOrder.nativeOrder());
    private final NetlinkMessages messages = new NetlinkMessages();
    private final QueuedPacket packet = new QueuedPacket(messages, bytes);

    @Example
    void aWholePacketIsFound() {
        begin(PACKET_MESSAGE, Libc.AF_INET);
        putHeader(0x01020304);
        putAttribute(5, 0, 0, 0, 3);
        putAttribute(10, PACKET);

        assertThat(read()).isTrue();
        assertThat(packet.id()).isEqualTo(0x01020304);
        assertThat(packet.isIpv4()).isTrue();
        assertThat(packet.length()).isEqualTo(5);
        assertThat(packet.wireLength()).isEqualTo(5);
        assertThat(packet.buffer().getInt(packet.offset())).isEqualTo(0x45000028);
        assertThat(packet.buffer().get(packet.offset() + 4)).isEqualTo((byte) 1);
    }

    @Example
    void aPacketThatIsThereInPartHasItsWholeLength() {
        begin(PACKET_MESSAGE, Libc.AF_INET);
        putHeader(1);
        putAttribute(13, 0, 1, 0, 2);
        putAttribute(10, PACKET);

        assertThat(read()).isTrue();
        assertThat(packet.length()).isEqualTo(5);
        assertThat(packet.wireLength()).isEqualTo(0x10002);
    }

    @Example
    void aChecksumIsNotFilledInWhereTheKernelSaysSoOfThisPacket() {
        assertThat(isChecksumFilledIn(0, 0, 0, 3)).isFalse();
        assertThat(isChecksumFilledIn(0, 0, 0, 4)).isTrue();
        assertThat(isChecksumFilledIn(1, 0, 0, 2)).isTrue();
        assertThat(isChecksumFilledIn(0, 0, 0, 1)).isFalse();
        assertThat(isChecksumFilledIn()).isTrue();
    }

    private boolean isChecksumFilledIn(int... info) {
        begin(PACKET_MESSAGE, Libc.AF_INET);
        putHeader(1);
        if (info.length > 0) {
            putAttribute(14, info);
        }
        putAttribute(10, PACKET);
        assertThat(read()).isTrue();
        return packet.isChecksumFilledIn();
    }

    @Example
    void aPacketOfAnotherFamilyIsNotIpv4() {
        begin(PACKET_MESSAGE, Libc.AF_INET6);
        putHeader(1);
        putAttribute(10, PACKET);

        assertThat(read()).isTrue();
        assertThat(packet.isIpv4()).isFalse();
    }

    @Example
    void otherMessagesAndThoseWithoutNumberOrBytesBringNoPacket() {
        begin(VERDICT_MESSAGE, Libc.AF_INET);
        putHeader(1);
        putAttribute(10, PACKET);
        assertThat(read()).isFalse();

        begin(PACKET_MESSAGE, Libc.AF_INET);
        putAttribute(10, PACKET);
        assertThat(read()).isFalse();

        begin(PACKET_MESSAGE, Libc.AF_INET);
        putHeader(1);
        putAttribute(10);
        assertThat(read()).isFalse();
    }

    @Property
    void anyBytesAreReadWithinTheirBounds(
            @ForAll @Size(max = 96) byte[] attributes, @ForAll @IntRange(max = 200) int messageLength) {
        begin(PACKET_MESSAGE, Libc.AF_INET);
        bytes.put(attributes);
        int end = bytes.position();
        bytes.putInt(0, messageLength);
        messages.wrap(bytes, end);

        while (messages.next()) {
            if (packet.read()) {
                assertThat(packet.length()).isPositive();
                assertThat(packet.offset() + packet.length()).isLessThanOrEqualTo(end);
                assertThat(packet.wireLength()).isGreaterThanOrEqualTo(packet.length());
            }
        }
    }

    /** A message's header and {@code struct nfgenmsg}. */
    private void begin(int type, int family) {
        bytes.clear();
        bytes.putInt(0).putShort((short) type).putShort((short) 0).putInt(0).putInt(0);
        bytes.putInt(0).put(bytes.position() - 4, (byte) family);
    }

    /** {@code struct nfqnl_msg_packet_hdr}: number, protocol, hook. */
    private void putHeader(int id) {
        putAttribute(1, id >> 24, id >> 16, id >> 8, id, 8, 0, 3);
    }

    private void putAttribute(int type, int... value) {
        byte[] narrow = new byte[value.length];
        for (int i = 0; i < value.length; i++) {
            narrow[i] = (byte) value[i];
        }
        putAttribute(type, narrow);
    }

    private void putAttribute(int type, byte[] value) {
        bytes.putShort((short) (4 + value.length)).putShort((short) type);
        bytes.put(Arrays.copyOf(value, value.length + 3 & -4));
    }

    private boolean read() {
        bytes.putInt(0, bytes.position());
        messages.wrap(bytes, bytes.position());
        assertThat(messages.next()).isTrue();
        return packet.read();
    }
}
