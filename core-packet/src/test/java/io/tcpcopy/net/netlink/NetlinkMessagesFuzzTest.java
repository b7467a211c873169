package io.tcpcopy.net.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Any datagram from the kernel. */
class NetlinkMessagesFuzzTest {
    private static final int BODY_LENGTH = 12;
    private static final int ATTRIBUTES = 20;
    private static final int BEHIND = 64;

    @MethodSource("events")
    @FuzzTest
    void nothingBehindTheDatagramIsRead(byte[] datagram) {
        List<Integer> found = read(datagram, datagram.length);
        byte[] inLongerBuffer = Arrays.copyOf(datagram, datagram.length + BEHIND);
        Arrays.fill(inLongerBuffer, datagram.length, inLongerBuffer.length, (byte) 8);

        assertThat(read(inLongerBuffer, datagram.length)).isEqualTo(found);
    }

    /** A neighbour that answers, and one that was removed. */
    static Stream<byte[]> events() {
        ByteBuffer neighbours = ByteBuffer.allocate(2 * 36).order(ByteOrder.LITTLE_ENDIAN);
        for (short type = 28; type <= 29; type++) {
            neighbours.putInt(36).putShort(type).putShort((short) 0).putInt(0).putInt(0);
            neighbours.putInt(2).putInt(3).putInt(0x02);
            neighbours.putShort((short) 8).putShort((short) 1).putInt(0x0A000002);
        }
        return Stream.of(neighbours.array());
    }

    private static List<Integer> read(byte[] bytes, int length) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        NetlinkMessages messages = new NetlinkMessages().wrap(buffer, length);
        List<Integer> found = new ArrayList<>();
        int count = 0;
        while (messages.next()) {
            count++;
            found.addAll(List.of(messages.type(), messages.sequence()));
            if (messages.hasBody(BODY_LENGTH)) {
                found.addAll(List.of(messages.bodyByte(0), messages.bodyShort(8), messages.bodyInt(BODY_LENGTH - 4)));
            }
            for (int attribute = 0; attribute < ATTRIBUTES; attribute++) {
                int index = messages.findInt(BODY_LENGTH, attribute);
                found.add(index < 0 ? index : buffer.getInt(index));
                found.add(Arrays.hashCode(messages.findBytes(BODY_LENGTH, attribute)));
            }
        }
        assertThat(count).isLessThanOrEqualTo(length / NetlinkMessages.HEADER_LENGTH);
        return found;
    }
}
