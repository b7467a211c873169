package io.tcpcopy.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Address;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.Libc;
import io.tcpcopy.timer.TimerHeap;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Turns of the loop under a clock that the test moves. */
@Timeout(20)
class EventLoopTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

    private final List<String> events = new ArrayList<>();
    private final List<DatagramSource> sources = new ArrayList<>();
    private long clockNs = -5 * MS;
    private EventLoop loop;

    @BeforeEach
    void open() throws Exception {
        loop = new EventLoop(() -> clockNs, new KernelPoller());
    }

    @AfterEach
    void close() {
        loop.close();
        sources.forEach(DatagramSource::close);
    }

    @Test
    void theTimeIsToldBeforeAnythingElseOfATurn() {
        loop.onTurnBegin(nowNs -> events.add("time " + nowNs));
        source("capture", Priority.CAPTURE).fill(1);

        clockNs = 7;
        loop.turn();

        assertThat(events).containsExactly("time 7", "capture");
    }

    @Test
    void theLengthOfEachTurnIsNoted() {
        EventLoop neverWaiting = new EventLoop(() -> clockNs, new MemoryNetwork().host(Address.LOOPBACK));
        Metrics metrics = new Metrics("test");
        neverWaiting.addTo(metrics);
        long[] lengthNs = {MS};
        neverWaiting.onTurnEnd(() -> clockNs += lengthNs[0]);
        neverWaiting.turn();
        lengthNs[0] = MS + 1;
        neverWaiting.turn();
        neverWaiting.turn();
        lengthNs[0] = 200 * MS;
        neverWaiting.turn();
        neverWaiting.countPackets(5);

        assertThat(LoopStatistics.line(metrics))
                .hasToString("loop turns:4,packets:5,busy ms:203,over 1 ms:3,over 10 ms:1,over 100 ms:1");
        assertThat(metrics.get(LoopMetric.BUSY)).isEqualTo(203 * MS + 2);
        assertThat(LoopMetric.BUSY.perUnit()).isEqualTo(1000 * MS);
    }

    /** A poller for which something is always ready, unless a test says otherwise, and in whose time only rests take any. */
    private final class BusyPoller implements Poller {
        private final List<Long> restsUs = new ArrayList<>();
        private Registration registration;
        private int readyOps = SelectionKey.OP_READ;
        private int polls;

        @Override
        public Watch watch(int fd, int ops, Registration watched) {
            registration = watched;
            return new Watch() {
                @Override
                public void interest(int newOps) {}

                @Override
                public void end() {}
            };
        }

        @Override
        public void poll(long timeoutMs, ReadyListener listener) {
            polls++;
            if (readyOps != 0) {
                listener.ready(registration, readyOps);
            }
        }

        @Override
        public boolean rest(long durationNs) {
            restsUs.add(TimeUnit.NANOSECONDS.toMicros(durationNs));
            clockNs += durationNs;
            return true;
        }

        @Override
        public void wakeUp() {}

        @Override
        public void close() {}
    }

    /** A source that is read without end. */
    private static final class EndlessSource implements Source {
        private final boolean more;
        private int calls;

        EndlessSource(boolean more) {
            this.more = more;
        }

        @Override
        public int fd() {
            return 0;
        }

        @Override
        public boolean ready(int readyOps) {
            calls++;
            return more;
        }
    }

    @Test
    void turnsThatFollowEachOtherWithoutEndAreEvenlyApart() {
        BusyPoller poller = new BusyPoller();
        EventLoop busy = new EventLoop(() -> clockNs, poller);
        busy.register(new EndlessSource(false), Priority.CAPTURE, SelectionKey.OP_READ);
        for (int i = 0; i < 21; i++) {
            busy.turn();
        }
        assertThat(poller.restsUs).isEmpty();

        busy.turn();
        clockNs += 200_000;
        busy.turn();
        clockNs += 570_000;
        busy.turn();
        assertThat(poller.restsUs).containsExactly(600L, 400L);

        // Much later there are some at once again.
        clockNs += 100 * MS;
        for (int i = 0; i < 21; i++) {
            busy.turn();
        }
        assertThat(poller.restsUs).hasSize(2);
    }

    /** As many turns as may follow each other at once: the next one rests. */
    private void untilItRests(EventLoop busy, BusyPoller poller) {
        while (poller.restsUs.isEmpty()) {
            busy.turn();
        }
    }

    @Test
    void afterARestWhatWasReadableLatelyIsReadEightTimesWithoutAsking() {
        BusyPoller poller = new BusyPoller();
        EventLoop busy = new EventLoop(() -> clockNs, poller);
        EndlessSource source = new EndlessSource(false);
        busy.register(source, Priority.CAPTURE, SelectionKey.OP_READ);
        untilItRests(busy, poller);
        int polls = poller.polls;
        int calls = source.calls;

        for (int i = 0; i < 18; i++) {
            busy.turn();
        }

        assertThat(source.calls - calls).isEqualTo(18);
        assertThat(poller.polls - polls).isEqualTo(2);
    }

    @Test
    void whatIsOnlyWritableOrNoMoreReadableIsNotReadUnasked() {
        BusyPoller poller = new BusyPoller();
        EventLoop busy = new EventLoop(() -> clockNs, poller);
        EndlessSource source = new EndlessSource(false);
        busy.register(source, Priority.CAPTURE, SelectionKey.OP_READ);
        poller.readyOps = SelectionKey.OP_WRITE;
        untilItRests(busy, poller);
        int polls = poller.polls;
        busy.turn();
        assertThat(poller.polls).isEqualTo(polls + 1);

        poller.readyOps = SelectionKey.OP_READ;
        busy.turn();
        poller.readyOps = 0;
        for (int i = 0; i < 100; i++) {
            busy.turn();
        }
        int calls = source.calls;
        polls = poller.polls;
        busy.turn();
        assertThat(source.calls).isEqualTo(calls);
        assertThat(poller.polls).isEqualTo(polls + 1);
    }

    @Test
    void whileASourceWaitsToWriteThePollerIsAskedInEachTurn() {
        BusyPoller poller = new BusyPoller();
        EventLoop busy = new EventLoop(() -> clockNs, poller);
        Registration writer = busy.register(new EndlessSource(false), Priority.TUNNEL, SelectionKey.OP_WRITE);
        busy.register(new EndlessSource(false), Priority.CAPTURE, SelectionKey.OP_READ);
        untilItRests(busy, poller);
        assertThat(pollsOf(busy, poller, 9)).isEqualTo(9);

        writer.interest(SelectionKey.OP_READ);
        assertThat(pollsOf(busy, poller, 9)).isEqualTo(1);

        writer.interest(SelectionKey.OP_WRITE);
        writer.cancel();
        assertThat(pollsOf(busy, poller, 9)).isEqualTo(1);
    }

    private static int pollsOf(EventLoop busy, BusyPoller poller, int turns) {
        int before = poller.polls;
        for (int i = 0; i < turns; i++) {
            busy.turn();
        }
        return poller.polls - before;
    }

    @Test
    void aCancelledSourceIsNotReadUnasked() {
        BusyPoller poller = new BusyPoller();
        EventLoop busy = new EventLoop(() -> clockNs, poller);
        EndlessSource source = new EndlessSource(false);
        Registration registration = busy.register(source, Priority.CAPTURE, SelectionKey.OP_READ);
        untilItRests(busy, poller);
        poller.readyOps = 0;
        registration.cancel();
        int calls = source.calls;

        busy.turn();

        assertThat(source.calls).isEqualTo(calls);
    }

    @Test
    void aRestTakesAsLongAsItIsSaid() throws Exception {
        try (Poller poller = new KernelPoller()) {
            long beforeNs = System.nanoTime();
            assertThat(poller.rest(2 * MS)).isTrue();
            assertThat(System.nanoTime() - beforeNs).isGreaterThanOrEqualTo(2 * MS);
        }
    }

    @Test
    void nothingRestsWhileThereIsMoreToRead() {
        BusyPoller poller = new BusyPoller();
        EventLoop busy = new EventLoop(() -> clockNs, poller);
        busy.register(new EndlessSource(true), Priority.CAPTURE, SelectionKey.OP_READ);
        for (int i = 0; i < 1000; i++) {
            busy.turn();
        }
        assertThat(poller.restsUs).isEmpty();
    }

    @Test
    void turnGoesFromTunnelToCaptureToTimersToTimedsToTheEnd() {
        loop.onTurnEnd(() -> events.add("flush tunnel"));
        loop.onTurnEnd(() -> events.add("flush injection"));
        loop.addTimed(new FakeTimed(clockNs));
        loop.timer(() -> events.add("timer")).schedule(0);
        source("capture", Priority.CAPTURE).fill(1);
        source("tunnel", Priority.TUNNEL).fill(1);

        loop.turn();

        assertThat(events).containsExactly("tunnel", "capture", "timer", "timed", "flush tunnel", "flush injection");
    }

    @Test
    void timerIsDueAtItsDeadlineAndNotBefore() {
        LoopTimer timer = loop.timer(() -> events.add("timer"));
        timer.schedule(2 * MS);

        clockNs += 2 * MS - 1;
        loop.turn();
        assertThat(events).isEmpty();

        clockNs++;
        loop.turn();
        assertThat(events).containsExactly("timer");
        assertThat(timer.isScheduled()).isFalse();
    }

    @Test
    void whatAnotherThreadSubmitsRunsInALoopThatWaits() throws Exception {
        Thread other = new Thread(() -> loop.submit(() -> events.add("submitted")));
        other.start();

        // There is no deadline: only being woken up ends this turn.
        while (events.isEmpty()) {
            loop.turn();
        }

        other.join();
        assertThat(events).containsExactly("submitted");
    }

    @Test
    void timerThatSchedulesItselfForNowRunsOncePerTurn() {
        LoopTimer[] timer = new LoopTimer[1];
        timer[0] = loop.timer(() -> {
            events.add("timer");
            timer[0].schedule(0);
        });
        timer[0].schedule(0);

        loop.turn();
        assertThat(events).hasSize(1);
        loop.turn();
        assertThat(events).hasSize(2);
    }

    @Test
    void cancelledTimerDoesNotRun() {
        LoopTimer timer = loop.timer(() -> events.add("timer"));
        timer.schedule(0);
        timer.cancel();
        loop.timer(() -> events.add("other")).schedule(0);

        loop.turn();

        assertThat(events).containsExactly("other");
    }

    @Test
    void wholeTurnHasOneTime() {
        long startNs = clockNs;
        List<Long> times = new ArrayList<>();
        source("tunnel", Priority.TUNNEL).onReady(() -> {
            times.add(loop.nowNs());
            clockNs += MS;
        });
        sources.get(0).fill(1);
        loop.onTurnEnd(() -> times.add(loop.nowNs()));

        loop.turn();
        loop.timer(() -> times.add(loop.nowNs())).schedule(0);
        loop.turn();

        assertThat(times).containsExactly(startNs, startNs, startNs + MS, startNs + MS);
    }

    @Test
    void sourceThatHitItsBoundIsServedAgainWithoutWaiting() {
        DatagramSource source = source("capture", Priority.CAPTURE);
        source.reportMore(true);
        source.fill(1);
        loop.turn();

        // Its descriptor says nothing and there is no deadline: a turn that waits would wait for ever.
        loop.turn();

        assertThat(events).containsExactly("capture", "capture");
    }

    @Test
    void sourceIsCalledAgainWhileSomethingIsLeft() {
        source("capture", Priority.CAPTURE).fill(2);

        loop.turn();
        loop.turn();

        assertThat(events).containsExactly("capture", "capture");
    }

    @Test
    void writableSourceIsCalledUntilItAsksForReadingAlone() {
        DatagramSource source = source("tunnel", Priority.TUNNEL);
        source.registration.interest(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
        loop.turn();
        assertThat(source.readyOps).isEqualTo(SelectionKey.OP_WRITE);

        source.registration.interest(SelectionKey.OP_READ);
        loop.timer(() -> events.add("timer")).schedule(0);
        loop.turn();

        assertThat(events).containsExactly("tunnel", "timer");
    }

    @Test
    void sourceCancelledByAnotherInTheSameTurnIsNotCalled() {
        DatagramSource victim = source("victim", Priority.CAPTURE);
        DatagramSource tunnel = source("tunnel", Priority.TUNNEL);
        tunnel.onReady(() -> victim.registration.cancel());
        victim.fill(1);
        tunnel.fill(1);

        loop.turn();

        assertThat(events).containsExactly("tunnel");
        assertThat(victim.registration.isCancelled()).isTrue();
    }

    @Test
    void theNumberOfAClosedDescriptorBelongsToTheNextSourceThatHasIt() {
        DatagramSource tunnel = source("tunnel", Priority.TUNNEL);
        DatagramSource before = source("before", Priority.CAPTURE);
        before.reportMore(true);
        before.fill(1);
        loop.turn();
        List<DatagramSource> next = new ArrayList<>();
        tunnel.onReady(() -> {
            sources.remove(before);
            before.close();
            next.add(source("next", Priority.CAPTURE));
            next.get(0).fill(2);
        });
        before.fill(1);
        tunnel.fill(1);
        events.clear();

        loop.turn();
        assertThat(next.get(0).fd()).isEqualTo(before.fd());
        assertThat(events).containsExactly("tunnel");

        loop.turn();
        loop.turn();
        assertThat(events).containsExactly("tunnel", "next", "next");
    }

    @Test
    void aSourceWithoutADescriptorIsRefused() {
        assertThatThrownBy(() -> loop.register(new WithoutDescriptor(), Priority.CAPTURE, SelectionKey.OP_READ))
                .isInstanceOf(IllegalArgumentException.class);
    }

    private static final class WithoutDescriptor implements Source {
        @Override
        public int fd() {
            return -1;
        }

        @Override
        public boolean ready(int readyOps) {
            return false;
        }
    }

    @Test
    void cancellingWhileOthersAreReadyLosesNobody() {
        DatagramSource first = source("first", Priority.TUNNEL);
        DatagramSource second = source("second", Priority.CAPTURE);
        first.onReady(() -> first.registration.cancel());
        first.fill(2);
        second.fill(2);

        loop.turn();
        loop.turn();

        assertThat(events).containsExactly("first", "second", "second");
    }

    @Test
    void cancellingTwiceIsHarmless() {
        DatagramSource source = source("source", Priority.TUNNEL);

        source.registration.cancel();
        source.registration.cancel();
        source.fill(1);
        loop.timer(() -> events.add("timer")).schedule(0);
        loop.turn();

        assertThat(events).containsExactly("timer");
    }

    @Test
    void whatWasSubmittedBeforeARegistrationIsCancelledDoesNotWait() {
        DatagramSource source = source("source", Priority.TUNNEL);
        loop.timer(() -> {
                    loop.submit(() -> events.add("submitted"));
                    source.registration.cancel();
                })
                .schedule(0);

        loop.turn();
        loop.turn();

        assertThat(events).containsExactly("submitted");
    }

    @Test
    void sourceWhoseDescriptorIsClosedBeneathHearsOfIt() {
        DatagramSource source = source("source", Priority.TUNNEL);
        source.readyOps = -1;
        source.onReady(() -> source.registration.cancel());
        Libc.close(source.fd());

        loop.turn();

        assertThat(source.readyOps).isZero();
    }

    @Test
    void interestInNothingIsRefused() {
        DatagramSource source = source("source", Priority.TUNNEL);

        assertThatThrownBy(() -> source.registration.interest(0)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void faultCostsOneCallAndIsCounted() {
        DatagramSource faulty = source("faulty", Priority.TUNNEL);
        faulty.onReady(() -> {
            throw new IllegalStateException("made by the test");
        });
        faulty.fill(1);
        source("capture", Priority.CAPTURE).fill(1);
        loop.timer(() -> {
                    throw new IllegalStateException("made by the test");
                })
                .schedule(0);
        loop.timer(() -> events.add("timer")).schedule(0);
        loop.onTurnEnd(() -> {
            throw new IllegalStateException("made by the test");
        });
        loop.onTurnEnd(() -> events.add("end"));

        loop.turn();

        assertThat(events).containsExactly("faulty", "capture", "timer", "end");
        assertThat(loop.faults()).isEqualTo(3);
    }

    @Test
    void aDeadlineThatCannotBeToldCostsNobodyElse() {
        loop.addTimed(new FakeTimed(0) {
            @Override
            public long nextDeadlineNs() {
                throw new IllegalStateException("made by the test");
            }
        });
        loop.addTimed(new FakeTimed(clockNs));

        loop.turn();

        assertThat(events).containsExactly("timed");
        assertThat(loop.faults()).isEqualTo(2);
    }

    @Test
    void timedIsAskedOnlyWhenItsDeadlineHasCome() {
        loop.addTimed(new FakeTimed(clockNs + 2 * MS));
        loop.addTimed(new FakeTimed(TimerHeap.NEVER));

        clockNs += 2 * MS - 1;
        loop.turn();
        assertThat(events).isEmpty();

        clockNs++;
        loop.turn();
        assertThat(events).containsExactly("timed");
    }

    @Test
    void stopFromAnotherThreadEndsALoopThatWaitsWithoutLimit() throws Exception {
        Thread thread = new Thread(loop::run);
        thread.start();

        loop.stop();

        thread.join(TimeUnit.SECONDS.toMillis(10));
        assertThat(thread.isAlive()).isFalse();
    }

    @Test
    void stopAfterCloseIsHarmless() {
        loop.close();

        loop.stop();
        loop.run();
    }

    @Test
    void loopWithoutWorkSleepsUntilTheDeadline() throws Exception {
        long startNs = System.nanoTime();
        try (EventLoop real = EventLoop.ofKernel()) {
            int[] turns = {0};
            real.timer(real::stop).schedule(50 * MS);
            real.onTurnEnd(() -> turns[0]++);

            real.run();

            assertThat(System.nanoTime() - startNs).isGreaterThanOrEqualTo(50 * MS);
            assertThat(turns[0]).isLessThanOrEqualTo(2);
        }
    }

    private DatagramSource source(String name, Priority priority) {
        DatagramSource source = new DatagramSource(name, events);
        source.registration = loop.register(source, priority, SelectionKey.OP_READ);
        sources.add(source);
        return source;
    }

    private class FakeTimed implements Timed {
        private long deadlineNs;

        FakeTimed(long deadlineNs) {
            this.deadlineNs = deadlineNs;
        }

        @Override
        public long nextDeadlineNs() {
            return deadlineNs;
        }

        @Override
        public void runDue(long nowNs) {
            events.add("timed");
            deadlineNs = TimerHeap.NEVER;
        }
    }
}
