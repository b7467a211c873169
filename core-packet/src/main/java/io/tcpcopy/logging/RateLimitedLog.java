package io.tcpcopy.logging;

import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;

/**
 * A log line that any packet or connection from outside may cause. It is written once a second at most, or a few times,
 * with the number of those that were left out. To allocate nothing for these, the text is only made for a line that is
 * admitted:
 *
 * <pre>{@code
 * if (warnings.admits(nowNs)) {
 *     warnings.warn("not sent: " + Errno.message(errno));
 * }
 * }</pre>
 */
public final class RateLimitedLog {
    private static final long INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final Logger logger;
    private final int linesPerInterval;
    private boolean used;
    private long intervalStartNs;
    private int linesInInterval;
    private long leftOut;

    /** Lines go to {@code logger}, one a second. */
    public RateLimitedLog(Logger logger) {
        this(logger, 1);
    }

    /**
     * Lines go to {@code logger}, so many a second: for lines that come in small groups and differ from one another.
     */
    public RateLimitedLog(Logger logger, int linesPerSecond) {
        this.logger = logger;
        this.linesPerInterval = linesPerSecond;
    }

    /** Whether a line may be written at {@code nowNs}; if not, it is counted as left out. */
    public boolean admits(long nowNs) {
        if (!used || nowNs - intervalStartNs >= INTERVAL_NS) {
            used = true;
            intervalStartNs = nowNs;
            linesInInterval = 0;
        }
        if (linesInInterval == linesPerInterval) {
            leftOut++;
            return false;
        }
        linesInInterval++;
        return true;
    }

    /** Writes a notice that was admitted. */
    public void info(String text) {
        logger.info(withNumber(text));
    }

    /** Writes a warning that was admitted. */
    public void warn(String text) {
        logger.warn(withNumber(text));
    }

    /** Writes an error that was admitted. */
    public void error(String text) {
        logger.error(withNumber(text));
    }

    /** Writes an error that was admitted, with the stack trace of its cause: for faults of the program itself. */
    public void error(String text, Throwable cause) {
        logger.error(withNumber(text), cause);
    }

    private String withNumber(String text) {
        String line = leftOut == 0 ? text : text + " (" + leftOut + " left out since the last such line)";
        leftOut = 0;
        return line;
    }
}
