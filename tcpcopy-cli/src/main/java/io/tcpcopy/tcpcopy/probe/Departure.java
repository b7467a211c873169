package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.net.Errno;
import java.util.Optional;

/**
 * What became of a packet on this host, as the counters of the sink tell: nothing else is sent meanwhile.
 *
 * @param result where it was counted; empty while the kernel has no room for it
 * @param errno why the kernel has refused it; 0 where it has not, or for a number beyond {@link Errno#HIGHEST}
 */
record Departure(Optional<InjectCounter> result, int errno) {
    /** Sends something that {@code sending} hands to a sink, and flushes it. */
    static Departure of(PacketSink sink, Runnable sending) {
        InjectCounters counters = sink.counters();
        long[] before = results(counters);
        long[] errorsBefore = errors(counters);
        sending.run();
        sink.flush();
        int result = increased(before, results(counters));
        int errno = Math.max(0, increased(errorsBefore, errors(counters)));
        return new Departure(result < 0 ? Optional.empty() : Optional.of(InjectCounter.values()[result]), errno);
    }

    /** Whether it was counted as this. */
    boolean is(InjectCounter counter) {
        return result.filter(counter::equals).isPresent();
    }

    private static long[] results(InjectCounters counters) {
        InjectCounter[] all = InjectCounter.values();
        long[] values = new long[all.length];
        for (int i = 0; i < values.length; i++) {
            values[i] = counters.get(all[i]);
        }
        return values;
    }

    private static long[] errors(InjectCounters counters) {
        long[] values = new long[Errno.HIGHEST + 1];
        for (int errno = 0; errno < values.length; errno++) {
            values[errno] = counters.errors(errno);
        }
        return values;
    }

    private static int increased(long[] before, long[] after) {
        for (int i = 0; i < before.length; i++) {
            if (after[i] > before[i]) {
                return i;
            }
        }
        return -1;
    }
}
