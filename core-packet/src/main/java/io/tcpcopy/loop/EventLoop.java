package io.tcpcopy.loop;

import io.tcpcopy.logging.RateLimitedLog;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.StartException;
import io.tcpcopy.timer.TimerHeap;
import java.nio.channels.SelectionKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The one loop of a daemon. A turn:
 *
 * <ol>
 *   <li>rest, where there have been very many turns lately: what comes meanwhile is taken together,
 *   <li>wait until a descriptor is ready or the nearest deadline has come; not at all if a source has more to read; and behind most
 *       rests only read what has been ready lately,
 *   <li>read the clock, once: {@link #nowNs} is the turn's time, which those are told that asked for it,
 *   <li>call every ready source, those of an earlier {@link Priority} first; each takes a bounded number of items,
 *   <li>run what other threads have submitted,
 *   <li>run what is due: the loop's timers, then the {@link Timed}s in the order in which they were added,
 *   <li>run the end-of-turn actions in the order in which they were added,
 *   <li>note how long all that has taken.
 * </ol>
 *
 * Everything but {@link #submit} and {@link #stop} belongs to the thread that runs the loop. What is called here is the
 * program's own code: an exception is a fault in it, which is logged and counted, and costs no more than that one call.
 */
public final class EventLoop implements AutoCloseable {
    /** How many packets a source takes in one turn, so that no source starves another. */
    public static final int MAX_ITEMS = 256;

    private static final Logger LOG = LoggerFactory.getLogger(EventLoop.class);
    private static final Priority[] PRIORITIES = Priority.values();
    /** How far apart turns are, if nothing else is said, where they follow each other without end. */
    private static final long TURN_INTERVAL_NS = TimeUnit.MICROSECONDS.toNanos(600);

    private static final int INITIAL_READY = 16;
    private static final long NS_PER_MS = TimeUnit.MILLISECONDS.toNanos(1);
    /** poll(2) takes its timeout as an int of milliseconds; waking up in between does no harm. */
    private static final long LONGEST_WAIT_MS = TimeUnit.HOURS.toMillis(1);

    /** When a deadline that could not be told is asked for again, at the latest. */
    private static final long ASK_AGAIN_NS = TimeUnit.SECONDS.toNanos(1);

    private final LongSupplier clockNs;
    private final Poller poller;
    private final Poller.ReadyListener readyListener = this::noteReady;
    private final List<LongConsumer> turnBeginActions = new ArrayList<>();
    private final TimerHeap timers = new TimerHeap();
    private final List<Timed> timeds = new ArrayList<>();
    private final List<Runnable> turnEndActions = new ArrayList<>();
    private final BusySources busySources = new BusySources();
    private final Queue<Runnable> submitted = new ConcurrentLinkedQueue<>();
    private final Counters<LoopMetric> counters = new Counters<>(LoopMetric.class);
    private final Counters<TurnLength> turns = new Counters<>(TurnLength.class);
    private final RateLimitedLog faultLog = new RateLimitedLog(LOG);
    private Registration[] ready = new Registration[INITIAL_READY];
    private int readyCount;
    /** Sources that have more to read than they read in the last turn: their descriptors need not be ready for it. */
    private final List<Registration> unfinished = new ArrayList<>();

    private final TurnPace pace;
    private long nowNs;

    private volatile boolean stopped;

    /**
     * A loop that does not run yet.
     *
     * @param clockNs a monotonic clock in nanoseconds, such as {@link System#nanoTime}
     * @param poller what it waits with, which is closed with the loop
     */
    public EventLoop(LongSupplier clockNs, Poller poller) {
        this(clockNs, poller, TURN_INTERVAL_NS);
    }

    private EventLoop(LongSupplier clockNs, Poller poller, long turnIntervalNs) {
        this.clockNs = clockNs;
        this.poller = poller;
        this.nowNs = clockNs.getAsLong();
        pace = new TurnPace(turnIntervalNs, nowNs);
    }

    /**
     * A loop with the machine's clock, which waits for descriptors of the kernel.
     *
     * @throws StartException when the kernel grants no descriptors for it
     */
    public static EventLoop ofKernel() throws StartException {
        return ofKernel(TURN_INTERVAL_NS);
    }

    /**
     * The same with turns of its own.
     *
     * @param turnIntervalNs how far apart turns are, in nanoseconds, where they follow each other without end
     * @throws StartException when the kernel grants no descriptors for it
     */
    public static EventLoop ofKernel(long turnIntervalNs) throws StartException {
        return new EventLoop(System::nanoTime, new KernelPoller(), turnIntervalNs);
    }

    /**
     * Adds a source.
     *
     * @param ops what to wait for: bits of {@link SelectionKey}, at least one
     * @throws IllegalArgumentException when the source has no descriptor
     */
    public Registration register(Source source, Priority priority, int ops) {
        checkInterest(ops);
        if (source.fd() < 0) {
            // poll(2) would pass over it, and so it would wait for ever.
            throw new IllegalArgumentException("no descriptor to wait for");
        }
        Registration registration = new Registration(source, priority, busySources);
        registration.bind(poller.watch(source.fd(), ops, registration), ops);
        return registration;
    }

    /** A timer without a deadline; when it is due it loses its deadline, and {@code action} runs. */
    public LoopTimer timer(Runnable action) {
        return new LoopTimer(this, action);
    }

    /** Adds something that keeps deadlines of its own. */
    public void addTimed(Timed timed) {
        timeds.add(timed);
    }

    /** Adds an action for the beginning of each turn, which is told the turn's time. */
    public void onTurnBegin(LongConsumer action) {
        turnBeginActions.add(action);
    }

    /** Adds an action for the end of each turn. */
    public void onTurnEnd(Runnable action) {
        turnEndActions.add(action);
    }

    /** The time of this turn in nanoseconds of the loop's clock. */
    public long nowNs() {
        return nowNs;
    }

    /** What the loop's clock shows now, later in the turn than {@link #nowNs}. */
    public long clockNs() {
        return clockNs.getAsLong();
    }

    /** Adds what the loop says of itself. */
    public void addTo(Metrics metrics) {
        metrics.add(LoopMetric.class, counters).add(TurnLength.class, turns);
    }

    /** Counts packets that a source has read. */
    public void countPackets(int packets) {
        counters.add(LoopMetric.PACKETS, packets);
    }

    /** How many calls of the loop ended with an exception. Any thread may ask. */
    public long faults() {
        return counters.get(LoopMetric.FAULTS);
    }

    /** Runs turns until {@link #stop}; the turn under way is finished. */
    public void run() {
        while (!stopped) {
            turn();
        }
    }

    /** Runs an action in the next turn, which begins at once if the loop waits. Any thread may call it, at any time. */
    public void submit(Runnable action) {
        submitted.add(action);
        poller.wakeUp();
    }

    /** Ends {@link #run}. Any thread may call it, at any time. */
    public void stop() {
        stopped = true;
        poller.wakeUp();
    }

    /** Whether {@link #run} ends, or has ended. */
    public boolean isStopped() {
        return stopped;
    }

    /** Gives the loop's own descriptors back; those of the sources stay open. */
    @Override
    public void close() {
        poller.close();
    }

    /** Runs one turn: what {@link #run} does again and again. */
    public void turn() {
        readyCount = 0;
        if (rest() && busySources.areReadUnasked()) {
            addBusy();
        } else {
            busySources.ask();
            poller.poll(waitMs(), readyListener);
        }
        nowNs = clockNs.getAsLong();
        pace.turnBegins(nowNs);
        beginTurn();
        addUnfinished();
        callSources();
        runSubmitted();
        runTimers();
        runTimeds();
        endTurn();
        long lengthNs = clockNs.getAsLong() - nowNs;
        counters.add(LoopMetric.BUSY, lengthNs);
        turns.increment(TurnLength.of(lengthNs));
    }

    /** Returns whether there was a rest. */
    private boolean rest() {
        long restNs = unfinished.isEmpty() && submitted.isEmpty() ? pace.restNs(clockNs.getAsLong()) : 0;
        return restNs > 0 && poller.rest(restNs);
    }

    private void beginTurn() {
        for (int i = 0; i < turnBeginActions.size(); i++) {
            try {
                turnBeginActions.get(i).accept(nowNs);
            } catch (RuntimeException e) {
                survive(e);
            }
        }
    }

    private void endTurn() {
        for (int i = 0; i < turnEndActions.size(); i++) {
            try {
                turnEndActions.get(i).run();
            } catch (RuntimeException e) {
                survive(e);
            }
        }
    }

    void schedule(LoopTimer timer, long delayNs) {
        timers.schedule(timer, nowNs + delayNs);
    }

    void cancel(LoopTimer timer) {
        timers.cancel(timer);
    }

    static void checkInterest(int ops) {
        if (ops == 0) {
            throw new IllegalArgumentException("nothing to wait for: cancel the registration instead");
        }
    }

    /** The turn's own work has taken time, so this needs a reading of its own. */
    private long waitMs() {
        // A registration that was cancelled may have taken away the wake-up for what was submitted.
        if (!unfinished.isEmpty() || !submitted.isEmpty()) {
            return Poller.NO_WAIT_MS;
        }
        long startNs = clockNs.getAsLong();
        long waitNs = waitNs(timers.nextDeadlineNs(), startNs);
        for (int i = 0; i < timeds.size(); i++) {
            waitNs = Math.min(waitNs, waitNs(deadlineNs(timeds.get(i)), startNs));
        }
        if (waitNs == TimerHeap.NEVER) {
            return Poller.WAIT_WITHOUT_LIMIT_MS;
        }
        // Rounded up: rounded down, the last part of a millisecond would be spent in turns that do nothing.
        return Math.min(Math.floorDiv(waitNs - 1, NS_PER_MS) + 1, LONGEST_WAIT_MS);
    }

    private long deadlineNs(Timed timed) {
        try {
            return timed.nextDeadlineNs();
        } catch (RuntimeException e) {
            survive(e);
            return nowNs + ASK_AGAIN_NS;
        }
    }

    private static long waitNs(long deadlineNs, long startNs) {
        return deadlineNs == TimerHeap.NEVER ? TimerHeap.NEVER : Math.max(0, deadlineNs - startNs);
    }

    private void noteReady(Registration registration, int readyOps) {
        registration.noteReady(readyOps);
        addReady(registration);
        if ((readyOps & SelectionKey.OP_READ) != 0) {
            busySources.add(registration);
        }
    }

    private void addBusy() {
        for (int i = 0; i < busySources.size(); i++) {
            busySources.get(i).noteReady(SelectionKey.OP_READ);
            addReady(busySources.get(i));
        }
    }

    private void addUnfinished() {
        for (int i = 0; i < unfinished.size(); i++) {
            Registration registration = unfinished.get(i);
            if (!registration.isNotedReady() && !registration.isCancelled()) {
                registration.noteReady(SelectionKey.OP_READ);
                addReady(registration);
            }
        }
        unfinished.clear();
    }

    private void addReady(Registration registration) {
        if (readyCount == ready.length) {
            ready = Arrays.copyOf(ready, ready.length * 2);
        }
        ready[readyCount++] = registration;
    }

    private void callSources() {
        for (Priority priority : PRIORITIES) {
            for (int i = 0; i < readyCount; i++) {
                // One source may have cancelled another.
                if (ready[i].priority() == priority && !ready[i].isCancelled()) {
                    callSource(ready[i]);
                }
            }
        }
        Arrays.fill(ready, 0, readyCount, null);
    }

    private void callSource(Registration registration) {
        try {
            if (registration.callSource()) {
                unfinished.add(registration);
            }
        } catch (RuntimeException e) {
            survive(e);
        }
    }

    private void runSubmitted() {
        for (Runnable action = submitted.poll(); action != null; action = submitted.poll()) {
            try {
                action.run();
            } catch (RuntimeException e) {
                survive(e);
            }
        }
    }

    private void runTimers() {
        // A timer that schedules itself for now runs again next turn: it must not keep this one from ending.
        for (int left = timers.size(); left > 0; left--) {
            LoopTimer timer = (LoopTimer) timers.poll(nowNs);
            if (timer == null) {
                return;
            }
            try {
                timer.run();
            } catch (RuntimeException e) {
                survive(e);
            }
        }
    }

    private void runTimeds() {
        for (int i = 0; i < timeds.size(); i++) {
            Timed timed = timeds.get(i);
            if (waitNs(deadlineNs(timed), nowNs) == 0) {
                try {
                    timed.runDue(nowNs);
                } catch (RuntimeException e) {
                    survive(e);
                }
            }
        }
    }

    /** Counts an exception that somebody has survived, and writes it to the log. */
    public void survive(RuntimeException fault) {
        counters.increment(LoopMetric.FAULTS);
        if (faultLog.admits(nowNs)) {
            faultLog.error("a fault in this program, which goes on: " + fault, fault);
        }
    }
}
