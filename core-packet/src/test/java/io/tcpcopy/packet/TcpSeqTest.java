package io.tcpcopy.packet;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class TcpSeqTest {
    @Property
    void aNumberReachedByGoingForwardIsGreater(
            @ForAll int number, @ForAll @IntRange(min = 1, max = Integer.MAX_VALUE) int forward) {
        int later = number + forward;

        assertThat(TcpSeq.lessThan(number, later)).isTrue();
        assertThat(TcpSeq.lessThanOrEqual(number, later)).isTrue();
        assertThat(TcpSeq.greaterThan(number, later)).isFalse();
        assertThat(TcpSeq.greaterThanOrEqual(number, later)).isFalse();
        assertThat(TcpSeq.greaterThan(later, number)).isTrue();
        assertThat(TcpSeq.max(number, later)).isEqualTo(later).isEqualTo(TcpSeq.max(later, number));
        assertThat(TcpSeq.min(number, later)).isEqualTo(number).isEqualTo(TcpSeq.min(later, number));
        assertThat(TcpSeq.distance(number, later)).isEqualTo(forward);
        assertThat(TcpSeq.distance(later, number)).isEqualTo(-forward);
    }

    @Property
    void aNumberEqualsItself(@ForAll int number) {
        assertThat(TcpSeq.lessThan(number, number)).isFalse();
        assertThat(TcpSeq.greaterThan(number, number)).isFalse();
        assertThat(TcpSeq.lessThanOrEqual(number, number)).isTrue();
        assertThat(TcpSeq.greaterThanOrEqual(number, number)).isTrue();
    }

    @Property
    void aWindowHoldsItsFirstNumberAndAsManyAsItIsLong(@ForAll int first, @ForAll int length, @ForAll int ahead) {
        boolean inside = Integer.toUnsignedLong(ahead) < Integer.toUnsignedLong(length);

        assertThat(TcpSeq.inWindow(first + ahead, first, length)).isEqualTo(inside);
    }

    @Test
    void anEmptyWindowHoldsNothing() {
        assertThat(TcpSeq.inWindow(7, 7, 0)).isFalse();
    }
}
