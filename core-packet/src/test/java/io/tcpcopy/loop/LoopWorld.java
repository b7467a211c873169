package io.tcpcopy.loop;

import static org.assertj.core.api.Assertions.fail;

import io.tcpcopy.flow.Address;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Loops that a test turns by hand, each on a host of a network in memory, with one time for all. Time passes when none has
 * anything to do, up to the next deadline: nothing ever waits.
 */
public final class LoopWorld {
    /** So many turns without any time passing are no work but a fault. */
    private static final int MAX_TURNS = 100_000;
    /** What a test awaits comes within this time of the world. */
    private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(10);

    private final MemoryNetwork network = new MemoryNetwork();
    private final Map<EventLoop, MemoryNetwork.Host> loops = new LinkedHashMap<>();
    private long nowNs = TimeUnit.SECONDS.toNanos(1000);

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
            if (loops.values().stream().allMatch(MemoryNetwork.Host::wasIdle)) {
                return;
            }
        }
        fail("does not settle");
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

    /** When the first of the loops has something to do. */
    private long nextNs() {
        return loops.values().stream()
                .mapToLong(MemoryNetwork.Host::wantedWaitMs)
                .filter(waitMs -> waitMs != Poller.WAIT_WITHOUT_LIMIT_MS)
                .map(waitMs -> nowNs + TimeUnit.MILLISECONDS.toNanos(waitMs))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
