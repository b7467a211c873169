package io.tcpcopy.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.AppenderBase;
import ch.qos.logback.core.encoder.Encoder;
import io.tcpcopy.logging.LogLines;
import io.tcpcopy.logging.LogMetric;
import java.io.IOException;
import java.io.OutputStream;

/**
 * Writes each line at once. A line that cannot be written, since the disk is full, is lost, and the program goes on; the
 * next one that can is preceded by how many were. (logback's own appenders lose lines without a word, and do not try again
 * for up to five minutes.)
 */
final class LogAppender extends AppenderBase<ILoggingEvent> {
    private final OutputStream out;
    private final Encoder<ILoggingEvent> encoder;
    private long lost;
    private String reason;

    /** Writes to a stream that does not buffer. */
    LogAppender(OutputStream out, Encoder<ILoggingEvent> encoder) {
        this.out = out;
        this.encoder = encoder;
    }

    @Override
    protected void append(ILoggingEvent event) {
        try {
            if (lost > 0) {
                // The last of them may be there in part.
                out.write('\n');
                out.write(encoder.encode(loss(event)));
                lost = 0;
            }
            out.write(encoder.encode(event));
            LogLines.count(LogMetric.WRITTEN);
        } catch (IOException e) {
            LogLines.count(LogMetric.LOST);
            lost++;
            reason = e.getMessage();
        }
    }

    private ILoggingEvent loss(ILoggingEvent now) {
        LoggingEvent loss = new LoggingEvent();
        loss.setLoggerName(now.getLoggerName());
        loss.setThreadName(now.getThreadName());
        loss.setTimeStamp(now.getTimeStamp());
        loss.setLevel(Level.ERROR);
        loss.setMessage(lost + " lines of this log could not be written: " + reason);
        return loss;
    }
}
