package io.tcpcopy.timer;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class TimerHeapTest {
    private final TimerHeap heap = new TimerHeap();

    private static final class TestTimer extends Timer {}

    @Test
    void aTimerIsDueAtItsDeadlineAndNotBefore() {
        Timer timer = new TestTimer();
        heap.schedule(timer, 100);

        assertThat(heap.nextDeadlineNs()).isEqualTo(100);
        assertThat(heap.poll(99)).isNull();
        assertThat(heap.poll(100)).isSameAs(timer);
        assertThat(timer.isScheduled()).isFalse();
        assertThat(heap.poll(100)).isNull();
        assertThat(heap.nextDeadlineNs()).isEqualTo(TimerHeap.NEVER);
    }

    @Test
    void aTimerThatMovedLaterIsNotDueAtItsOldDeadline() {
        Timer timer = new TestTimer();
        heap.schedule(timer, 100);
        heap.schedule(timer, 200);

        assertThat(heap.poll(199)).isNull();
        assertThat(heap.nextDeadlineNs()).isEqualTo(200);
        assertThat(timer.deadlineNs()).isEqualTo(200);
        assertThat(heap.poll(200)).isSameAs(timer);
    }

    @Test
    void aTimerThatMovedLaterCanMoveEarlierAgain() {
        Timer timer = new TestTimer();
        heap.schedule(timer, 100);
        heap.schedule(timer, 300);
        heap.schedule(timer, 50);

        assertThat(heap.nextDeadlineNs()).isEqualTo(50);
        assertThat(heap.poll(50)).isSameAs(timer);
    }

    @Test
    void aCancelledTimerIsNeverDue() {
        Timer cancelled = new TestTimer();
        Timer other = new TestTimer();
        heap.schedule(cancelled, 10);
        heap.schedule(other, 20);

        heap.cancel(cancelled);
        heap.cancel(cancelled);

        assertThat(heap.size()).isOne();
        assertThat(heap.poll(100)).isSameAs(other);
        assertThat(heap.poll(100)).isNull();
    }

    @Test
    void deadlinesAreOrderedAcrossTheWrapOfTheClock() {
        Timer before = new TestTimer();
        Timer after = new TestTimer();
        heap.schedule(after, Long.MIN_VALUE + 5);
        heap.schedule(before, Long.MAX_VALUE - 5);

        assertThat(heap.poll(Long.MAX_VALUE - 6)).isNull();
        assertThat(heap.poll(Long.MAX_VALUE)).isSameAs(before);
        assertThat(heap.poll(Long.MAX_VALUE)).isNull();
        assertThat(heap.poll(Long.MIN_VALUE + 5)).isSameAs(after);
    }

    @Property
    void behavesLikeAListOfDeadlines(
            @ForAll @Size(max = 400) List<@IntRange(max = 999) Integer> actions, @ForAll long start) {
        TimerHeap timers = new TimerHeap();
        List<Timer> pool = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            pool.add(new TestTimer());
        }
        Map<Timer, Long> model = new HashMap<>();
        long now = start;
        int step = 0;
        for (int action : actions) {
            step++;
            Timer timer = pool.get(action % pool.size());
            switch (action / pool.size()) {
                case 0 -> {
                    timers.cancel(timer);
                    model.remove(timer);
                }
                case 1 -> {
                    now += action % 17;
                    pollAll(timers, model, now);
                }
                default -> {
                    long deadline = now + action * 31L * step % 200;
                    timers.schedule(timer, deadline);
                    model.put(timer, deadline);
                }
            }
            check(timers, model, now);
        }
        pollAll(timers, model, now + 1000);
        assertThat(timers.size()).isZero();
    }

    /** Every timer that is due comes, once, and no other. */
    private static void pollAll(TimerHeap timers, Map<Timer, Long> model, long now) {
        for (Timer due = timers.poll(now); due != null; due = timers.poll(now)) {
            Long deadline = model.remove(due);
            assertThat(deadline).isNotNull();
            assertThat(deadline - now).isLessThanOrEqualTo(0);
        }
        for (long deadline : model.values()) {
            assertThat(deadline - now).isPositive();
        }
    }

    private static void check(TimerHeap timers, Map<Timer, Long> model, long now) {
        assertThat(timers.size()).isEqualTo(model.size());
        for (long deadline : model.values()) {
            assertThat(timers.nextDeadlineNs() - now).isLessThanOrEqualTo(deadline - now);
        }
    }
}
