package io.tcpcopy.session.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PacketPoolTest {
    private static final int SLABS = 4;
    private static final int SMALL = 40;
    private static final int LARGE = 9000;
    /** Small packets have 64 bytes of memory each. */
    private static final int SMALL_IN_SLAB = Slab.BYTES / 64;
    /** Large packets have 9,216 bytes of memory each. */
    private static final int LARGE_IN_SLAB = Slab.BYTES / 9216;

    private final PacketPool pool = new PacketPool((long) SLABS * Slab.BYTES);

    @Test
    void packetsAreUsedAgain() {
        Packet packet = pool.take(SMALL);
        pool.release(packet);

        assertThat(pool.take(SMALL)).isSameAs(packet);
        assertThat(pool.bytesTaken()).isEqualTo(Slab.BYTES);
    }

    @Test
    void memoryServesOtherSizesWhenTheLoadChanges() {
        take(SLABS * SMALL_IN_SLAB, SMALL).forEach(pool::release);
        List<Packet> large = take(SLABS * LARGE_IN_SLAB, LARGE);

        assertThat(pool.bytesTaken()).isEqualTo((long) SLABS * Slab.BYTES);
        assertNoneOverlap(large);
    }

    @Test
    void memoryThatPacketsAreInIsNotCutAnew() {
        List<Packet> small = take(SLABS * SMALL_IN_SLAB, SMALL);
        Set<Slab> slabsInUse = new HashSet<>();
        for (Packet packet : small) {
            // One packet of each slab stays in use.
            if (!slabsInUse.add(packet.slab())) {
                pool.release(packet);
            }
        }

        Packet large = pool.take(LARGE);

        assertThat(slabsInUse).doesNotContain(large.slab());
        assertThat(pool.bytesTaken()).isEqualTo((SLABS + 1L) * Slab.BYTES);
    }

    @Test
    void memoryOfABurstIsGivenBackWhenItHasNotBeenWantedForAWhile() {
        List<Packet> small = take(2 * SMALL_IN_SLAB, SMALL);
        List<Packet> large = take(LARGE_IN_SLAB, LARGE);
        small.subList(1, small.size()).forEach(pool::release);
        large.forEach(pool::release);

        assertThat(pool.dropUnwanted()).as("wanted since the start").isZero();
        pool.release(pool.take(LARGE));
        assertThat(pool.dropUnwanted()).as("of the small ones").isEqualTo(Slab.BYTES);
        assertThat(pool.dropUnwanted()).as("of the large ones").isEqualTo(Slab.BYTES);
        assertThat(pool.bytesTaken()).isEqualTo(Slab.BYTES);

        pool.release(small.get(0));
        assertThat(pool.dropUnwanted()).as("in use until now").isZero();
        assertNoneOverlap(take(SMALL_IN_SLAB + 1, SMALL));
    }

    @Test
    void whatIsInUseIsCounted() {
        Packet packet = pool.take(LARGE);
        assertThat(pool.packetsInUse()).isOne();
        assertThat(pool.bytesInUse()).isBetween((long) LARGE, 2L * LARGE);

        pool.release(packet);
        assertThat(pool.packetsInUse()).isZero();
        assertThat(pool.bytesInUse()).isZero();
    }

    @Test
    void aPacketHoldsItsSlab() {
        List<Packet> small = take(20 * SMALL_IN_SLAB, SMALL);
        assertThat(pool.bytesHeld()).isEqualTo(pool.bytesInUse());

        List<Packet> oneOfEach = IntStream.range(0, 20)
                .mapToObj(slab -> small.get(slab * SMALL_IN_SLAB))
                .toList();
        small.stream().filter(packet -> !oneOfEach.contains(packet)).forEach(pool::release);
        assertThat(pool.bytesHeld())
                .as("but for one slab of each of eight sizes")
                .isEqualTo((20L - 8) * Slab.BYTES);

        oneOfEach.forEach(pool::release);
        assertThat(pool.bytesHeld()).isZero();
    }

    private List<Packet> take(int count, int length) {
        return Stream.generate(() -> pool.take(length)).limit(count).toList();
    }

    private static void assertNoneOverlap(List<Packet> packets) {
        Set<String> places = new HashSet<>();
        for (Packet packet : packets) {
            assertThat(places.add(System.identityHashCode(packet.buffer()) + ":" + packet.optionsOffset()))
                    .isTrue();
        }
    }
}
