package io.tcpcopy.loop.connection;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.net.NativeMemory;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** The queue against a model: a list of messages. */
class MessageQueueTest {
    private static final int MAX_BYTES = 7_000;
    private static final int MAX_MESSAGE = 3_000;
    /** So small that the lengths of many are kept. */
    private static final int MAX_SMALL_MESSAGE = 40;

    /** Used again and again: were there garbage, the collector would run, and hide what is left to it. */
    private static final ByteBuffer ZEROS = ByteBuffer.allocate(5_000_000);

    private static final int MANY = 200;

    private final QueueMemory supply = new QueueMemory();

    /** Positive: add a message of that length. Negative: so many bytes leave. */
    @Provide
    Arbitrary<List<Integer>> steps() {
        return Arbitraries.of(MAX_SMALL_MESSAGE, MAX_MESSAGE)
                .flatMap(max -> Arbitraries.integers()
                        .between(-max / 2, max)
                        .list()
                        .ofMinSize(50)
                        .ofMaxSize(300));
    }

    @Property(tries = 300)
    void messagesLeaveWholeInOrderAndTheOldestUnsentOnesAreDropped(@ForAll("steps") List<Integer> steps) {
        MessageQueue queue = new MessageQueue(MAX_BYTES, supply);
        Model model = new Model();
        byte number = 0;
        for (int step : steps) {
            if (step > 0) {
                byte[] message = message(step, number++);
                List<Integer> dropped = new ArrayList<>();
                assertThat(queue.hasRoom(step)).isEqualTo(model.bytes() + step <= MAX_BYTES);
                if (!queue.hasRoom(step)) {
                    assertThat(queue.makeRoom(step, dropped::add)).isTrue();
                }
                queue.add(ByteBuffer.wrap(message), 0, step);
                assertThat(dropped).isEqualTo(model.add(message));
            } else {
                int sent = Math.min(-step, queue.bytes());
                queue.sent(sent);
                model.sent(sent);
            }
            assertThat(bytesOf(queue)).isEqualTo(model.toBytes());
        }
        List<Integer> rest = new ArrayList<>();
        queue.clear(rest::add);
        assertThat(rest).isEqualTo(model.lengths());
        assertThat(queue.bytes()).isZero();
    }

    @Property(tries = 1)
    void messageThatDoesNotFitBehindTheOneUnderWayDropsNothing() {
        MessageQueue queue = new MessageQueue(100, supply);
        queue.add(ByteBuffer.allocate(60), 0, 60);
        queue.add(ByteBuffer.allocate(40), 0, 40);
        queue.sent(10);
        List<Integer> dropped = new ArrayList<>();

        assertThat(queue.makeRoom(51, dropped::add)).isFalse();
        assertThat(dropped).isEmpty();
        assertThat(queue.makeRoom(50, dropped::add)).isTrue();
        assertThat(dropped).containsExactly(40);
    }

    @Property(tries = 1)
    void memoryIsAtMostTwiceWhatMayBeQueued() {
        int maxBytes = 5_000_000;
        MessageQueue queue = new MessageQueue(maxBytes, supply);
        long before = directMemoryBytes();
        fill(queue, maxBytes);

        assertThat(directMemoryBytes() - before).isLessThanOrEqualTo(2 * maxBytes);
    }

    @Property(tries = 1)
    void burstsTakeNoMoreMemoryThanTheFirstOneHowManyEverThereAre() {
        MessageQueue one = new MessageQueue(1_000_000, supply);
        MessageQueue other = new MessageQueue(1_000_000, supply);
        burst(one);
        long before = directMemoryBytes();
        long buffersBefore = directBuffers();

        for (int i = 0; i < MANY; i++) {
            burst(i % 2 == 0 ? one : other);
        }

        assertThat(directMemoryBytes()).isLessThanOrEqualTo(before);
        assertThat(directBuffers()).isLessThanOrEqualTo(buffersBefore);
    }

    @Property(tries = 1)
    void queuesThatComeAndGoTakeNoMoreMemoryThanThoseThatThereAreAtOneTime() {
        for (int i = 0; i < 3; i++) {
            fillAndClear();
        }
        long before = directMemoryBytes();

        for (int i = 0; i < MANY; i++) {
            fillAndClear();
        }

        assertThat(directMemoryBytes()).isLessThanOrEqualTo(before);
    }

    private void fillAndClear() {
        MessageQueue queue = new MessageQueue(1_000_000, supply);
        fill(queue, 100);
        fill(queue, 700_000);
        queue.sent(50_000);
        queue.clear(dropped -> {});
    }

    /** Message by message, so that the memory grows in steps; then all of it leaves. */
    private static void burst(MessageQueue queue) {
        while (queue.hasRoom(MAX_MESSAGE)) {
            fill(queue, MAX_MESSAGE);
        }
        queue.sent(queue.bytes());
    }

    @Property(tries = 1)
    void queueOfUsualLengthKeepsItsMemory() {
        MessageQueue queue = new MessageQueue(1_000_000, supply);
        fill(queue, 40_000);
        NativeMemory grown = queue.memory();
        queue.sent(40_000);
        fill(queue, 40_000);

        assertThat(queue.memory()).isSameAs(grown);
    }

    private static void fill(MessageQueue queue, int length) {
        queue.add(ZEROS, 0, length);
    }

    private static long directMemoryBytes() {
        return directMemory().getTotalCapacity();
    }

    private static long directBuffers() {
        return directMemory().getCount();
    }

    private static BufferPoolMXBean directMemory() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .findFirst()
                .orElseThrow();
    }

    private static byte[] bytesOf(MessageQueue queue) {
        byte[] bytes = new byte[queue.bytes()];
        queue.memory().buffer().get(queue.start(), bytes);
        return bytes;
    }

    private static byte[] message(int length, byte number) {
        byte[] message = new byte[length];
        for (int i = 0; i < length; i++) {
            message[i] = (byte) (number + i);
        }
        return message;
    }

    private static final class Model {
        private final Deque<byte[]> messages = new ArrayDeque<>();
        private int sentOfFirst;

        int bytes() {
            return messages.stream().mapToInt(message -> message.length).sum() - sentOfFirst;
        }

        List<Integer> lengths() {
            return messages.stream().map(message -> message.length).toList();
        }

        List<Integer> add(byte[] message) {
            List<Integer> dropped = new ArrayList<>();
            byte[] underWay = sentOfFirst > 0 ? messages.removeFirst() : null;
            int rest = underWay == null ? 0 : underWay.length - sentOfFirst;
            while (rest + lengths().stream().mapToInt(Integer::intValue).sum() + message.length > MAX_BYTES) {
                dropped.add(messages.removeFirst().length);
            }
            if (underWay != null) {
                messages.addFirst(underWay);
            }
            messages.addLast(message);
            return dropped;
        }

        void sent(int sent) {
            sentOfFirst += sent;
            while (!messages.isEmpty() && sentOfFirst >= messages.getFirst().length) {
                sentOfFirst -= messages.removeFirst().length;
            }
        }

        byte[] toBytes() {
            ByteBuffer all = ByteBuffer.allocate(bytes() + sentOfFirst);
            messages.forEach(all::put);
            byte[] rest = new byte[bytes()];
            all.get(sentOfFirst, rest);
            return rest;
        }
    }
}
