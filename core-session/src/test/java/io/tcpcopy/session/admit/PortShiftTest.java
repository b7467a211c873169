package io.tcpcopy.session.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class PortShiftTest {
    private static final int RANDOM_RANGE = 512;

    @Property
    void theClientsOwnPortIsWantedUnlessItIsShifted(@ForAll @IntRange(max = 65535) int port) {
        assertThat(new PortShift(0).of(port, 0)).isEqualTo(port);
    }

    @Property
    void shiftedPortsStayBetween1024And65535(
            @ForAll @IntRange(max = 65535) int port,
            @ForAll @IntRange(max = 255) int factor,
            @ForAll @IntRange(min = 1, max = 1022) int copy) {
        assertThat(new PortShift(factor).of(port, copy)).isBetween(1024, 65535);
    }

    @Test
    void aFactorShiftsBy2048AndARandomNumberThatStays() {
        PortShift shift = new PortShift(3);
        int random = shift.of(10000, 0) - 10000 - 3 * 2048;
        assertThat(random).isBetween(0, RANDOM_RANGE - 1);
        assertThat(shift.of(20000, 0)).isEqualTo(20000 + 3 * 2048 + random);
    }

    @Test
    void copiesAre64PortsApartAndTheFirstIs32Away() {
        PortShift shift = new PortShift(0);
        int random = shift.of(10000, 1) - 10000 - 32;
        assertThat(random).isBetween(0, RANDOM_RANGE - 1);
        assertThat(shift.of(10000, 2)).isEqualTo(10000 + 96 + random);
        assertThat(shift.of(10000, 5)).isEqualTo(10000 + 288 + random);
    }

    @Property
    void everyFurtherShiftMovesPortsOn(
            @ForAll @IntRange(min = 1, max = 65535) int port, @ForAll @IntRange(max = 9) int copy) {
        PortShift shift = new PortShift(0);
        int before = shift.of(port, copy);
        shift.shiftFurther();
        int once = shift.of(port, copy);
        shift.shiftFurther();
        assertThat(List.of(before, once, shift.of(port, copy))).doesNotHaveDuplicates();
        assertThat(once).isBetween(1024, 65535);
    }
}
