package io.tcpcopy.inject;

import io.tcpcopy.logging.RateLimitedLog;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.Errno;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The counters of a sink, and the log lines about packets that could not leave. */
public final class InjectCounters {
    private static final Logger LOG = LoggerFactory.getLogger(InjectCounters.class);

    private final LongSupplier clockNs;
    private final Counters<InjectCounter> counters = new Counters<>(InjectCounter.class);
    /** By errno. */
    private final AtomicLongArray errors = new AtomicLongArray(Errno.HIGHEST + 1);

    private final RateLimitedLog errorLog = new RateLimitedLog(LOG);
    private final RateLimitedLog dropLog = new RateLimitedLog(LOG);

    /**
     * Counters that all stand at zero.
     *
     * @param clockNs the time of the loop's turn
     */
    public InjectCounters(LongSupplier clockNs) {
        this.clockNs = clockNs;
    }

    /** Adds the counters. */
    public void addTo(Metrics metrics) {
        metrics.add(InjectCounter.class, counters);
        for (int errno = 0; errno <= Errno.HIGHEST; errno++) {
            int number = errno;
            metrics.add(new InjectionError(number), () -> errors(number));
        }
    }

    /** How many packets had this fate. */
    public long get(InjectCounter counter) {
        return counters.get(counter);
    }

    /** How many packets were refused with an error, 0 to {@link Errno#HIGHEST}; 0 stands for numbers beyond. */
    public long errors(int errno) {
        return errors.getOpaque(errno);
    }

    /** Counts packets without a line in the log. */
    public void add(InjectCounter counter, long packets) {
        counters.add(counter, packets);
    }

    /** Counts a packet that the kernel refused. */
    public void failed(int errno) {
        counters.increment(InjectCounter.FAILED);
        int index = errno > 0 && errno <= Errno.HIGHEST ? errno : 0;
        errors.setOpaque(index, errors.getPlain(index) + 1);
        if (errorLog.admits(clockNs.getAsLong())) {
            errorLog.warn("packet not sent: " + Errno.message(errno) + " (" + Errno.name(errno) + ")");
        }
    }

    /** Counts a packet that found the queue full. */
    public void dropped() {
        counters.increment(InjectCounter.DROPPED);
        if (dropLog.admits(clockNs.getAsLong())) {
            dropLog.warn("packet dropped: the kernel takes no more packets for now");
        }
    }
}
