package io.tcpcopy.logging;

import org.slf4j.Logger;

/**
 * A line that others can make repeat, with every packet or connection: at most one a second, with the number left out. To
 * allocate nothing while lines are left out, the text is only made for a line that is admitted:
 *
 * <pre>{@code
 * if (warnings.admits(nowNs)) {
 *     warnings.warn("not sent: " + Errno.message(errno));
 * }
 * }</pre>
 */
public final class RateLimitedLog {
    private static final long INTERVAL_NS = 1_000_000_000L;

    private final Logger logger;
    private boolean used;
    private long lastNs;
    private long leftOut;

    /** Lines go to {@code logger}. */
    public RateLimitedLog(Logger logger) {
        this.logger = logger;
    }

    /** Whether a line may be written at {@code nowNs}; if not, it is counted as left out. */
    public boolean admits(long nowNs) {
        if (used && nowNs - lastNs < INTERVAL_NS) {
            leftOut++;
            return false;
        }
        used = true;
        lastNs = nowNs;
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
