package io.tcpcopy.lab.badnetwork;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.timer.TimerHeap;
import org.junit.jupiter.api.Test;

class DelayLineTest {

    private final DelayLine line = new DelayLine();
    private final Frame frame = new Frame();

    private boolean add(int length, int mark, long dueNs) {
        frame.memory().buffer().put(length - 1, (byte) mark);
        frame.length(length);
        return line.add(frame, dueNs);
    }

    private void take(int length, int mark) {
        line.take(frame);
        assertThat(frame.length()).isEqualTo(length);
        assertThat(frame.memory().buffer().get(length - 1)).isEqualTo((byte) mark);
    }

    @Test
    void framesLeaveInTheOrderInWhichTheyCame() {
        assertThat(line.nextDueNs()).isEqualTo(TimerHeap.NEVER);
        add(100, 1, 30);
        add(60, 2, 20);
        assertThat(line.nextDueNs()).isEqualTo(30);
        take(100, 1);
        assertThat(line.nextDueNs()).isEqualTo(20);
        take(60, 2);
        assertThat(line.nextDueNs()).isEqualTo(TimerHeap.NEVER);
    }

    @Test
    void whatThereIsNoRoomForIsRefused() {
        int frames = DelayLine.MOST_BYTES / Frame.MAX_LENGTH;
        for (int i = 0; i < frames; i++) {
            assertThat(add(Frame.MAX_LENGTH, i, 0)).isTrue();
        }
        assertThat(add(Frame.MAX_LENGTH, 0, 0)).isFalse();
        take(Frame.MAX_LENGTH, 0);
        assertThat(add(Frame.MAX_LENGTH, 0, 0)).isTrue();
    }
}
