package io.tcpcopy.loop;

import static org.assertj.core.api.Assertions.fail;

import io.tcpcopy.flow.Address;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.function.LongSupplier;

/**
 * Loops that a test turns by hand, each on a host of a network in memory, with one time for all. Time passes when none has
 * anything to do, up to the next deadline: nothing ever waits.
 */
public final class LoopWorld {
    /** So many turns without any time passing are no work but a fault. */
    private static final int MAX_TURNS = 100_000;
    /** What a test awaits comes within this time of the world. */
    private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(10);

    private final MemoryNetwork network;
    private final Map<EventLoop, MemoryNetwork.Host> loops = new LinkedHashMap<>();
    private long nowNs = TimeUnit.SECONDS.toNanos(1000);

    /** A world in which streams of bytes take no time. */
    public LoopWorld() {
        this(clockNs -> MemoryNetwork.Transit.AT_ONCE);
    }

    /** A world whose streams' bytes travel like this, by its time. */
    public LoopWorld(Function<LongSupplier, MemoryNetwork.Transit> transit) {
        network = new MemoryNetwork(this::nowNs, transit.apply(this::nowNs));
    }

    /** The time of all. */
    public long nowNs() {
        return nowNs;
    }

    /** What joins the hosts. */
    public MemoryNetwork network() {
        return network;
    }

    /** A host without a loop. */
    public MemoryNetwork.Host host(Address address) {
        return network.host(address);
    }

    /** A loop on a host, which turns with the others. */
    public EventLoop loop(MemoryNetwork.Host host) {
        EventLoop loop = new EventLoop(() -> nowNs, host);
        loops.put(loop, host);
        return loop;
    }

    /** Turns all loops that were not stopped until none has anything to do now. */
    public void settle() {
        for (int turns = 0; turns < MAX_TURNS; turns++) {
            loops.keySet().removeIf(EventLoop::isStopped);
            loops.keySet().forEach(EventLoop::turn);
            if (areIdle()) {
                return;
            }
        }
        fail("does not settle");
    }

    private boolean areIdle() {
        for (MemoryNetwork.Host host : loops.values()) {
            if (!host.wasIdle()) {
                return false;
            }
        }
        return true;
    }

    /** Lets time pass. */
    public void pass(long durationNs) {
        long endNs = nowNs + durationNs;
        settle();
        while (nowNs < endNs) {
            nowNs = Math.min(endNs, nextNs());
            settle();
        }
    }

    /** Lets time pass until something is so. */
    public void until(String what, BooleanSupplier condition) {
        long endNs = nowNs + PATIENCE_NS;
        settle();
        while (!condition.getAsBoolean()) {
            nowNs = nextNs();
            if (nowNs > endNs) {
                fail("did not happen: " + what);
            }
            settle();
        }
    }

    /**
     * Lets the time be this, not earlier than it is. Nothing is turned yet: other things may happen before {@link #settle}.
     */
    public void timeIs(long timeNs) {
        nowNs = Math.max(nowNs, timeNs);
    }

    /** When the first of the loops, which have settled, has something to do by itself. */
    public long nextNs() {
        long next = network.nextArrivalNs();
        for (MemoryNetwork.Host host : loops.values()) {
            long waitMs = host.wantedWaitMs();
            if (waitMs != Poller.WAIT_WITHOUT_LIMIT_MS) {
                next = Math.min(next, nowNs + TimeUnit.MILLISECONDS.toNanos(waitMs));
            }
        }
        return next;
    }
}
