package io.tcpcopy.net.netlink;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class VerdictBatchTest {
    private static final int MESSAGE_LENGTH = 32;

    private final VerdictBatch batch = new VerdictBatch();

    @Test
    void aMessageIsAsTheKernelReadsIt() {
        batch.add(0x01020304, true);

        ByteBuffer expected = ByteBuffer.allocate(MESSAGE_LENGTH).order(ByteOrder.nativeOrder());
        // struct nlmsghdr: NFQNL_MSG_VERDICT_BATCH, NLM_F_REQUEST; struct nfgenmsg; NFQA_VERDICT_HDR.
        expected.putInt(MESSAGE_LENGTH)
                .putShort((short) 0x303)
                .putShort((short) 1)
                .putInt(0)
                .putInt(0);
        expected.putInt(0);
        expected.putShort((short) 12).putShort((short) 2);
        expected.put(new byte[] {0, 0, 0, 1, 1, 2, 3, 4});
        assertThat(batch.length()).isEqualTo(MESSAGE_LENGTH);
        assertThat(bytes()).isEqualTo(expected.array());
    }

    @Test
    void packetsThatFareAlikeShareAMessage() {
        batch.add(1, false);
        batch.add(2, false);
        batch.add(3, true);
        batch.add(4, false);
        batch.add(5, false);

        assertThat(verdicts()).containsExactly("up to 2: 0", "up to 3: 1", "up to 5: 0");
    }

    @Test
    void afterItWasClearedItBeginsAnew() {
        batch.add(1, false);
        batch.clear();
        assertThat(batch.length()).isZero();

        batch.add(2, false);
        assertThat(verdicts()).containsExactly("up to 2: 0");
    }

    @Test
    void itIsFullWhenThereIsNoRoomForAnotherMessage() {
        for (int id = 1; id <= VerdictBatch.CAPACITY; id++) {
            assertThat(batch.isFull()).isFalse();
            batch.add(id, id % 2 == 0);
        }

        assertThat(batch.isFull()).isTrue();
        assertThat(verdicts()).hasSize(VerdictBatch.CAPACITY).endsWith("up to 256: 1");
    }

    private byte[] bytes() {
        byte[] bytes = new byte[batch.length()];
        batch.buffer().get(0, bytes);
        return bytes;
    }

    private List<String> verdicts() {
        ByteBuffer bytes = ByteBuffer.wrap(bytes());
        List<String> verdicts = new ArrayList<>();
        for (int message = 0; message < bytes.capacity(); message += MESSAGE_LENGTH) {
            verdicts.add("up to " + bytes.getInt(message + 28) + ": " + bytes.getInt(message + 24));
        }
        return verdicts;
    }
}
