package io.tcpcopy.memory;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ResidentMemoryTest {
    private static final int OCCUPIED_BYTES = 64 << 20;

    @Test
    void growsByWhatIsOccupiedOutsideTheHeap() {
        long before = ResidentMemory.bytes();

        // Filled with zeros, so every page of it is really there.
        ByteBuffer occupied = ByteBuffer.allocateDirect(OCCUPIED_BYTES);

        assertThat(ResidentMemory.bytes() - before).isBetween(OCCUPIED_BYTES / 2L, 2L * OCCUPIED_BYTES);
        assertThat(occupied.get(OCCUPIED_BYTES - 1)).isZero();
    }
}
