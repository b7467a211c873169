package io.tcpcopy.inject;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Poller;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.net.Errno;
import io.tcpcopy.packet.OutgoingPacket;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the queue does when the kernel takes all, a part or nothing: the test is the kernel, and the time. */
class SocketSinkTest {
    private static final int TARGET = 0x0A020002;
    private static final int OTHER_TARGET = 0x0A020003;
    private static final int PORT = 80;
    private static final int PART = 100;
    private static final int EVERYTHING = Integer.MAX_VALUE;
    private static final Targets TARGETS =
            new Targets(List.of(Endpoint.ipv4(TARGET, PORT), Endpoint.ipv4(OTHER_TARGET, PORT)));

    private final FakeGate gate = new FakeGate();
    private final Kernel kernel = new Kernel();
    private final EventLoop loop = new EventLoop(() -> kernel.nowNs, kernel);
    private SocketSink sink;

    /** A socket that takes what the test says, and its poller: packets are cut into messages of {@link #PART} bytes. */
    private static final class Kernel implements Outlet, Poller {
        /** What the next calls return: messages that are taken at most, or an errno with a minus sign; then all is taken. */
        private final Queue<Integer> results = new ArrayDeque<>();
        /** The first byte of each message that was taken. */
        private final List<Integer> taken = new ArrayList<>();

        private int calls;
        private long nowNs = Long.MAX_VALUE - 5;
        private Registration waiting;
        private boolean becomesWritable = true;

        @Override
        public int fd() {
            return 0;
        }

        @Override
        public int addressLength() {
            return 1;
        }

        @Override
        public boolean write(OutgoingPacket packet, int target, int mtu, MessageBatch batch) {
            int parts = Math.max(1, packet.payloadLength() / PART);
            if (!batch.hasRoom(parts, parts * PART)) {
                return false;
            }
            for (int i = 0; i < parts; i++) {
                batch.bytes().put(batch.add(PART, target), packet.payload().get(packet.payloadOffset()));
            }
            batch.endPacket();
            return true;
        }

        @Override
        public int send(MessageBatch batch, int index, int number) {
            calls++;
            int result = results.isEmpty() ? EVERYTHING : results.poll();
            int sent = Math.min(result, number);
            for (int i = 0; i < sent; i++) {
                taken.add((int) batch.bytes().get(batch.offset(index + i)));
            }
            return sent;
        }

        @Override
        public Watch watch(int fd, int ops, Registration registration) {
            assertThat(ops).isEqualTo(SelectionKey.OP_WRITE);
            waiting = registration;
            return new Watch() {
                @Override
                public void interest(int newOps) {}

                @Override
                public void end() {
                    waiting = null;
                }
            };
        }

        /** Time passes; a descriptor that is waited for is ready. */
        @Override
        public void poll(long timeoutMs, ReadyListener listener) {
            nowNs += TimeUnit.MILLISECONDS.toNanos(1);
            if (waiting != null && becomesWritable) {
                listener.ready(waiting, SelectionKey.OP_WRITE);
            }
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {}
    }

    @BeforeEach
    void open() throws Exception {
        sink = new SocketSink(loop, TARGETS, gate, kernel, new InjectCounters(loop::nowNs));
        loop.onTurnEnd(sink::flush);
    }

    @AfterEach
    void close() {
        sink.close();
    }

    private void send(int number, int parts, int target) {
        byte[] payload = new byte[parts * PART];
        payload[0] = (byte) number;
        ByteBuffer packet = TestPackets.udp(0x0A010101, target, PORT, payload);
        sink.send(TestPackets.view(packet));
    }

    private void send(int number) {
        send(number, 1, TARGET);
    }

    private long count(InjectCounter counter) {
        return sink.counters().get(counter);
    }

    @Test
    void packetsLeaveAtTheFlushInOrder() {
        send(1);
        send(2);
        assertThat(kernel.calls).isZero();

        sink.flush();
        assertThat(kernel.taken).containsExactly(1, 2);
        assertThat(kernel.calls).isOne();
        assertThat(count(InjectCounter.SENT)).isEqualTo(2);
    }

    @Test
    void packetOfManyMessagesCountsOnce() {
        send(1, 700, TARGET);
        sink.flush();

        assertThat(kernel.taken).hasSize(700);
        assertThat(kernel.calls).isEqualTo(11);
        assertThat(count(InjectCounter.SENT)).isOne();
    }

    @Test
    void packetsWaitForASocketWithoutRoomUntilItHasSome() {
        kernel.results.add(1);
        kernel.results.add(-Errno.EAGAIN);
        send(1);
        send(2);
        sink.flush();
        assertThat(kernel.taken).containsExactly(1);
        assertThat(sink.hasRoom()).isFalse();
        assertThat(sink.isReady()).isFalse();

        // What cannot wait is taken, and leaves in its turn.
        send(3);
        sink.flush();
        assertThat(kernel.taken).containsExactly(1);

        loop.turn();
        assertThat(kernel.taken).containsExactly(1, 2, 3);
        assertThat(sink.hasRoom()).isTrue();
        assertThat(count(InjectCounter.SENT)).isEqualTo(3);
    }

    @Test
    void thereIsNoRoomBeforeAllThatWaitedHasLeft() {
        kernel.results.add(-Errno.EAGAIN);
        kernel.results.add(1);
        kernel.results.add(-Errno.EAGAIN);
        send(1);
        send(2);
        sink.flush();

        loop.turn();
        assertThat(kernel.taken).containsExactly(1);
        assertThat(sink.hasRoom()).isFalse();
        assertThat(sink.isBatchFull()).isFalse();

        loop.turn();
        assertThat(kernel.taken).containsExactly(1, 2);
        assertThat(sink.hasRoom()).isTrue();
    }

    @Test
    void queueOfADeviceThatIsFullIsTriedAgainAfterAMillisecond() {
        kernel.results.add(-Errno.ENOBUFS);
        kernel.results.add(-Errno.ENOBUFS);
        send(1);
        send(2);
        sink.flush();
        sink.flush();
        assertThat(kernel.calls).isOne();
        assertThat(sink.hasRoom()).isFalse();

        loop.turn();
        assertThat(kernel.calls).isEqualTo(2);
        loop.turn();
        assertThat(kernel.taken).containsExactly(1, 2);
        assertThat(sink.hasRoom()).isTrue();
        assertThat(count(InjectCounter.SENT)).isEqualTo(2);
        assertThat(count(InjectCounter.FAILED)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {Errno.ENOBUFS, Errno.EAGAIN})
    void kernelThatTakesNothingForFiveSecondsIsWaitedForNoMore(int errno) {
        refuse(5002, errno);
        send(1);
        send(2);
        turns(4999);
        assertThat(sink.hasRoom()).isFalse();
        assertThat(count(InjectCounter.DROPPED)).isZero();

        turns(2);
        assertThat(sink.hasRoom()).isTrue();
        assertThat(count(InjectCounter.DROPPED)).isEqualTo(2);

        // It is tried once more with each packet.
        send(3);
        loop.turn();
        assertThat(count(InjectCounter.DROPPED)).isEqualTo(3);
        assertThat(sink.hasRoom()).isTrue();

        send(4);
        loop.turn();
        assertThat(kernel.taken).containsExactly(4);
        assertThat(count(InjectCounter.SENT)).isOne();
    }

    @Test
    void socketThatNeverBecomesWritableIsWaitedForNoMore() {
        refuse(2, Errno.EAGAIN);
        kernel.becomesWritable = false;
        send(1);
        turns(5000);
        assertThat(sink.hasRoom()).isFalse();

        turns(2);
        assertThat(sink.hasRoom()).isTrue();
        assertThat(count(InjectCounter.DROPPED)).isOne();
        assertThat(kernel.calls).isEqualTo(2);
    }

    @Test
    void kernelThatTakesSomethingNowAndThenIsWaitedFor() {
        for (int i = 0; i < 3; i++) {
            refuse(4000, Errno.ENOBUFS);
            kernel.results.add(1);
        }
        for (int i = 0; i < 4; i++) {
            send(i);
        }
        turns(12_010);

        assertThat(kernel.taken).containsExactly(0, 1, 2, 3);
        assertThat(count(InjectCounter.DROPPED)).isZero();
    }

    private void refuse(int times, int errno) {
        for (int i = 0; i < times; i++) {
            kernel.results.add(-errno);
        }
    }

    private void turns(int number) {
        for (int i = 0; i < number; i++) {
            loop.turn();
        }
    }

    @Test
    void errorBelongsToTheMessageBehindThoseThatWereTaken() {
        kernel.results.add(2);
        kernel.results.add(-Errno.EPERM);
        for (int i = 1; i <= 4; i++) {
            send(i);
        }
        sink.flush();

        assertThat(kernel.taken).containsExactly(1, 2, 4);
        assertThat(count(InjectCounter.SENT)).isEqualTo(3);
        assertThat(sink.counters().errors(Errno.EPERM)).isOne();
    }

    @Test
    void restOfAPacketThatWasRefusedInPartIsNotSent() {
        kernel.results.add(2);
        kernel.results.add(-Errno.EMSGSIZE);
        send(1);
        send(2, 10, TARGET);
        send(3);
        sink.flush();

        assertThat(kernel.taken).containsExactly(1, 2, 3);
        assertThat(count(InjectCounter.SENT)).isEqualTo(2);
        assertThat(count(InjectCounter.FAILED)).isOne();
    }

    @Test
    void callThatASignalInterruptsIsRepeated() {
        kernel.results.add(-Errno.EINTR);
        send(1);
        sink.flush();

        assertThat(kernel.taken).containsExactly(1);
        assertThat(count(InjectCounter.SENT)).isOne();
    }

    @Test
    void packetsForAClosedTargetAreDroppedAndCounted() {
        gate.closed.add(1);
        send(1, 3, OTHER_TARGET);
        send(2);
        sink.flush();
        assertThat(kernel.taken).containsExactly(2);
        assertThat(count(InjectCounter.NEXT_HOP_SILENT)).isOne();
    }

    @Test
    void targetThatClosesWhileItsPacketsWaitGetsNoMoreOfThem() {
        kernel.results.add(2);
        kernel.results.add(-Errno.EAGAIN);
        send(1, 5, OTHER_TARGET);
        send(2);
        sink.flush();
        gate.closed.add(1);

        loop.turn();
        assertThat(kernel.taken).containsExactly(1, 1, 2);
        assertThat(count(InjectCounter.NEXT_HOP_SILENT)).isOne();
        assertThat(count(InjectCounter.SENT)).isOne();
    }

    @Test
    void batchIsFullWithManyMessagesOrBytesWhileTheKernelHasRoom() {
        send(1, 255, TARGET);
        assertThat(sink.isBatchFull()).isFalse();
        send(2);
        assertThat(sink.isBatchFull()).isTrue();

        kernel.results.add(-Errno.EAGAIN);
        sink.flush();
        assertThat(sink.isBatchFull()).isFalse();
        assertThat(sink.hasRoom()).isFalse();
    }

    @Test
    void beyondItsMemoryPacketsAreDroppedAndCounted() {
        kernel.results.add(-Errno.EAGAIN);
        for (int i = 0; i < 5000; i++) {
            send(i);
            if (i == 0) {
                sink.flush();
            }
        }
        assertThat(count(InjectCounter.DROPPED)).isEqualTo(5000 - 4096);

        loop.turn();
        assertThat(count(InjectCounter.SENT)).isEqualTo(4096);
    }

    @Test
    void whatWaitsIsCountedAsDroppedWhenItIsGivenUp() {
        kernel.results.add(3);
        kernel.results.add(-Errno.EAGAIN);
        send(1);
        send(2, 5, TARGET);
        send(3);
        sink.flush();
        sink.giveUp();

        assertThat(count(InjectCounter.SENT)).isOne();
        assertThat(count(InjectCounter.DROPPED)).isEqualTo(2);
        assertThat(sink.hasRoom()).isTrue();
        loop.turn();
        assertThat(kernel.taken).hasSize(3);
    }

    @Test
    void packetForNoTargetIsCounted() {
        send(1, 1, TARGET + 10);

        assertThat(sink.counters().errors(Errno.EHOSTUNREACH)).isOne();
    }
}
