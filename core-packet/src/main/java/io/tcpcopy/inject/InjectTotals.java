package io.tcpcopy.inject;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.logging.RateLimitedLog;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.Errno;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Counts what became of packets, and says in the log what went wrong. */
final class InjectTotals {
    private static final Logger LOG = LoggerFactory.getLogger(InjectTotals.class);

    private final EventLoop loop;
    private final Counters<InjectCounter> counters = new Counters<>(InjectCounter.class);
    private final ErrnoCounts errors = new ErrnoCounts();
    private final RateLimitedLog errorLog = new RateLimitedLog(LOG);
    private final RateLimitedLog dropLog = new RateLimitedLog(LOG);

    InjectTotals(EventLoop loop) {
        this.loop = loop;
    }

    Counters<InjectCounter> counters() {
        return counters;
    }

    ErrnoCounts errors() {
        return errors;
    }

    void add(InjectCounter counter, long number) {
        counters.add(counter, number);
    }

    /** A packet was refused. */
    void failed(int errno) {
        counters.increment(InjectCounter.FAILED);
        errors.increment(errno);
        if (errorLog.admits(loop.nowNs())) {
            errorLog.warn("packet not sent: " + Errno.message(errno) + " (" + Errno.name(errno) + ")");
        }
    }

    /** A packet found the queue full. */
    void dropped() {
        counters.increment(InjectCounter.DROPPED);
        if (dropLog.admits(loop.nowNs())) {
            dropLog.warn("packet dropped: the kernel takes no more packets for now");
        }
    }
}
