package io.tcpcopy.net.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;

class NetlinkMessagesTest {
    private static final int BODY_LENGTH = 12;
    private static final int TYPE = 28;

    private final NetlinkMessages messages = new NetlinkMessages();

    @Example
    void messagesAndTheirAttributesAreFound() {
        ByteBuffer bytes = ByteBuffer.allocate(200).order(ByteOrder.nativeOrder());
        // A body of 12 bytes, an attribute of 5 bytes with its padding, and one with an integer.
        putHeader(bytes, 16 + BODY_LENGTH + 8 + 8, 1);
        bytes.putInt(0x0A0B0C0D).putInt(0).putShort((short) 0xF00D).putShort((short) 0);
        bytes.putShort((short) 5).putShort((short) 3).putInt(0);
        bytes.putShort((short) 8).putShort((short) 1).putInt(4711);
        putHeader(bytes, 16 + 2, 2);
        bytes.putInt(0);
        putHeader(bytes, 16, 3);

        messages.wrap(bytes, bytes.position());
        assertThat(messages.next()).isTrue();
        assertThat(messages.type()).isEqualTo(TYPE);
        assertThat(messages.sequence()).isEqualTo(1);
        assertThat(messages.bodyInt(0)).isEqualTo(0x0A0B0C0D);
        assertThat(messages.bodyShort(8)).isEqualTo(0xF00D);
        assertThat(bytes.getInt(messages.findInt(BODY_LENGTH, 1))).isEqualTo(4711);
        assertThat(messages.findInt(BODY_LENGTH, 3)).isEqualTo(-1);
        assertThat(messages.findInt(BODY_LENGTH, 2)).isEqualTo(-1);
        assertThat(messages.findBytes(BODY_LENGTH, 3)).hasSize(1);
        assertThat(messages.findBytes(BODY_LENGTH, 2)).isEmpty();
        assertThat(messages.next()).isTrue();
        assertThat(messages.hasBody(2)).isTrue();
        assertThat(messages.hasBody(3)).isFalse();
        assertThat(messages.next()).isTrue();
        assertThat(messages.sequence()).isEqualTo(3);
        assertThat(messages.next()).isFalse();
    }

    @Example
    void attributeThatReachesBeyondItsMessageIsNotFound() {
        ByteBuffer bytes = ByteBuffer.allocate(200).order(ByteOrder.nativeOrder());
        putHeader(bytes, 16 + BODY_LENGTH + 6, 1);
        bytes.putInt(0).putInt(0).putInt(0);
        bytes.putShort((short) 8).putShort((short) 1).putInt(4711);

        messages.wrap(bytes, bytes.position());

        assertThat(messages.next()).isTrue();
        assertThat(messages.findInt(BODY_LENGTH, 1)).isEqualTo(-1);
        assertThat(messages.findBytes(BODY_LENGTH, 1)).isEmpty();
    }

    @Property
    void anyBytesAreWalkedThroughWithinTheirBounds(
            @ForAll @Size(max = 128) byte[] bytes, @ForAll @IntRange(max = 40) int firstLength) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        if (bytes.length >= Integer.BYTES) {
            buffer.putInt(0, firstLength);
        }

        messages.wrap(buffer, bytes.length);
        int count = 0;
        while (messages.next()) {
            count++;
            if (messages.hasBody(BODY_LENGTH)) {
                messages.bodyInt(BODY_LENGTH - Integer.BYTES);
            }
            for (int type = 0; type < 4; type++) {
                assertThat(messages.findInt(BODY_LENGTH, type)).isLessThanOrEqualTo(bytes.length - Integer.BYTES);
                assertThat(messages.findBytes(BODY_LENGTH, type)).hasSizeLessThanOrEqualTo(bytes.length);
            }
        }

        assertThat(count).isLessThanOrEqualTo(bytes.length / NetlinkMessages.HEADER_LENGTH);
    }

    private static void putHeader(ByteBuffer bytes, int length, int sequence) {
        bytes.putInt(length)
                .putShort((short) TYPE)
                .putShort((short) 0)
                .putInt(sequence)
                .putInt(0);
    }
}
