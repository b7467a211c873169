package io.tcpcopy.loop.connection;

import io.tcpcopy.net.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.function.IntConsumer;

/**
 * Messages that wait to be sent on a socket, as one run of bytes and the length of each message. The run moves through
 * the memory and goes back to its start when the end is reached; the memory has twice the room that is needed, so that
 * this is rare. It starts small: most connections never queue much. One that had to queue much gives the memory back
 * once all has left, and any does when it is closed.
 */
final class MessageQueue {
    /** More than most connections ever queue. */
    private static final int INITIAL_BYTES = 8192;

    private static final int INITIAL_MESSAGES = 64;
    /** Memory up to this size is kept: what a turn usually queues fits, and is not allocated in each turn. */
    private static final int KEPT_BYTES = 128 * 1024;

    private static final NativeMemory NONE = NativeMemory.allocate(0, ByteOrder.BIG_ENDIAN);

    private final int maxBytes;
    private final QueueMemory supply;
    private NativeMemory memory = NONE;
    private int start;
    private int bytes;

    /** Lengths of the messages, oldest first: a circle whose size is a power of two. */
    private int[] lengths = new int[INITIAL_MESSAGES];

    private int first;
    private int count;
    /** How many bytes of the oldest message have left. */
    private int sentOfFirst;

    /**
     * An empty queue.
     *
     * @param maxBytes how many may wait
     * @param supply where it takes its memory from
     */
    MessageQueue(int maxBytes, QueueMemory supply) {
        this.maxBytes = maxBytes;
        this.supply = supply;
    }

    /** How many bytes wait. */
    int bytes() {
        return bytes;
    }

    /** Where they are; valid until the next change. */
    NativeMemory memory() {
        return memory;
    }

    /** Where the first of them stands in {@link #memory}. */
    int start() {
        return start;
    }

    boolean hasRoom(int length) {
        return length <= maxBytes - bytes;
    }

    /** Adds a copy of a message for which there is room. */
    void add(ByteBuffer buffer, int offset, int length) {
        if (start + bytes + length > memory.size()) {
            makeSpace(bytes + length);
        }
        memory.buffer().put(start + bytes, buffer, offset, length);
        bytes += length;
        if (count == lengths.length) {
            growLengths();
        }
        lengths[first + count & lengths.length - 1] = length;
        count++;
    }

    /** The first {@code sent} bytes have left. */
    void sent(int sent) {
        start += sent;
        bytes -= sent;
        sentOfFirst += sent;
        while (count > 0 && sentOfFirst >= lengths[first]) {
            sentOfFirst -= lengths[first];
            removeFirst();
        }
        if (bytes == 0) {
            start = 0;
            if (memory.size() > KEPT_BYTES) {
                giveMemoryBack();
            }
        }
    }

    /**
     * Makes room by dropping the oldest messages of which no byte has left.
     *
     * @param dropped is told the length of each
     * @return whether there is room now; if not, nothing was dropped
     */
    boolean makeRoom(int length, IntConsumer dropped) {
        int rest = sentOfFirst == 0 ? 0 : lengths[first] - sentOfFirst;
        if (length > maxBytes - rest) {
            return false;
        }
        int partLength = lengths[first];
        if (rest > 0) {
            removeFirst();
        }
        int freed = 0;
        while (!hasRoom(length - freed)) {
            freed += lengths[first];
            dropped.accept(lengths[first]);
            removeFirst();
        }
        if (rest > 0) {
            // What is left of the message that was sent in part moves up to the messages that stay.
            copy(start, start + freed, rest);
            first = first - 1 & lengths.length - 1;
            lengths[first] = partLength;
            count++;
        }
        start += freed;
        bytes -= freed;
        return true;
    }

    /** Drops everything; {@code dropped} is told the length of each message, also of one that has left in part. */
    void clear(IntConsumer dropped) {
        while (count > 0) {
            dropped.accept(lengths[first]);
            removeFirst();
        }
        start = 0;
        bytes = 0;
        sentOfFirst = 0;
        giveMemoryBack();
    }

    /** Nothing is queued. */
    private void giveMemoryBack() {
        replaceMemory(NONE);
        lengths = new int[INITIAL_MESSAGES];
        first = 0;
    }

    private void replaceMemory(NativeMemory other) {
        if (memory != NONE) {
            supply.giveBack(memory);
        }
        memory = other;
    }

    private void removeFirst() {
        first = first + 1 & lengths.length - 1;
        count--;
    }

    private void makeSpace(int needed) {
        if (needed <= memory.size() / 2) {
            copy(start, 0, bytes);
        } else {
            // The power of two above what is needed, twice; but no more than twice what can ever be needed.
            int size = Math.min(Integer.highestOneBit(needed) * 4, 2 * maxBytes);
            NativeMemory larger = supply.take(Math.max(INITIAL_BYTES, size));
            larger.buffer().put(0, memory.buffer(), start, bytes);
            replaceMemory(larger);
        }
        start = 0;
    }

    /** Within the memory; the ranges may overlap. */
    private void copy(int from, int to, int length) {
        memory.buffer().put(to, memory.buffer(), from, length);
    }

    private void growLengths() {
        int[] larger = new int[lengths.length * 2];
        for (int i = 0; i < count; i++) {
            larger[i] = lengths[first + i & lengths.length - 1];
        }
        lengths = larger;
        first = 0;
    }
}
