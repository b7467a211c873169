package io.tcpcopy.inject;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.logging.RateLimitedLog;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The counters of a sink, and the log lines about packets that could not leave. */
public final class InjectCounters {
    private static final Logger LOG = LoggerFactory.getLogger(InjectCounters.class);

    private final EventLoop loop;
    private final Counters<InjectCounter> counters = new Counters<>(InjectCounter.class);
    private final ErrnoCounters errors = new ErrnoCounters();
    private final RateLimitedLog errorLog = new RateLimitedLog(LOG);
    private final RateLimitedLog dropLog = new RateLimitedLog(LOG);

    /** Counters that all stand at zero. */
    public InjectCounters(EventLoop loop) {
        this.loop = loop;
    }

    /** What became of the packets. */
    public Counters<InjectCounter> packets() {
        return counters;
    }

    /** Why packets were refused. */
    public ErrnoCounters errors() {
        return errors;
    }

    /** Counts packets without a line in the log. */
    public void add(InjectCounter counter, long packets) {
        counters.add(counter, packets);
    }

    /** Counts a packet that the kernel refused. */
    public void failed(int errno) {
        counters.increment(InjectCounter.FAILED);
        errors.increment(errno);
        if (errorLog.admits(loop.nowNs())) {
            errorLog.warn("packet not sent: " + Errno.message(errno) + " (" + Errno.name(errno) + ")");
        }
    }

    /** Counts a packet that found the queue full. */
    public void dropped() {
        counters.increment(InjectCounter.DROPPED);
        if (dropLog.admits(loop.nowNs())) {
            dropLog.warn("packet dropped: the kernel takes no more packets for now");
        }
    }
}
