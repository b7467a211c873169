package io.tcpcopy.loop.connection;

import io.tcpcopy.net.NativeMemory;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/**
 * Memory for the queues of connections: what one gives back, the next one gets. Nothing is left to the garbage collector,
 * which hardly ever runs and so would hardly ever free memory that is not in its heap. There is as much as was needed at one
 * time at most, in each size.
 */
final class QueueMemory {
    private final List<NativeMemory> unused = new ArrayList<>();

    QueueMemory() {}

    /**
     * Memory whose content is what it may be, in network byte order.
     *
     * @param size in bytes; there should be few sizes
     */
    NativeMemory take(int size) {
        for (int i = unused.size() - 1; i >= 0; i--) {
            if (unused.get(i).size() == size) {
                return unused.remove(i);
            }
        }
        return NativeMemory.allocate(size, ByteOrder.BIG_ENDIAN);
    }

    /** Takes back what {@link #take} has given. */
    void giveBack(NativeMemory memory) {
        unused.add(memory);
    }
}
