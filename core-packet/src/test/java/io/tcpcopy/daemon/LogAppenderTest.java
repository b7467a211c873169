package io.tcpcopy.daemon;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.encoder.EncoderBase;
import io.tcpcopy.logging.LogLines;
import io.tcpcopy.logging.LogMetric;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogAppenderTest {
    private final Disk disk = new Disk();
    private final LogAppender appender = new LogAppender(disk, new LevelAndText());

    /** A file on a disk that becomes full in the middle of a line. */
    private static final class Disk extends OutputStream {
        private final StringBuilder file = new StringBuilder();
        private int room = Integer.MAX_VALUE;

        @Override
        public void write(int character) throws IOException {
            if (room == 0) {
                throw new IOException("No space left on device");
            }
            room--;
            file.append((char) character);
        }
    }

    private static final class LevelAndText extends EncoderBase<ILoggingEvent> {
        @Override
        public byte[] headerBytes() {
            return new byte[0];
        }

        @Override
        public byte[] encode(ILoggingEvent event) {
            return (event.getLevel() + " " + event.getFormattedMessage() + "\n").getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public byte[] footerBytes() {
            return new byte[0];
        }
    }

    @BeforeEach
    void start() {
        appender.start();
    }

    @Test
    void linesThatAFullDiskHasLostAreCountedInTheFirstThatItTakesAgain() {
        log("one");
        disk.room = 3;
        log("two");
        log("three");
        disk.room = Integer.MAX_VALUE;
        log("four");
        log("five");

        assertThat(disk.file.toString().lines())
                .containsExactly(
                        "INFO one",
                        "INF",
                        "ERROR 2 lines of this log could not be written: No space left on device",
                        "INFO four",
                        "INFO five");
    }

    @Test
    void linesAreCounted() {
        Metrics metrics = new Metrics("any");
        LogLines.addTo(metrics);
        MetricSnapshot before = metrics.wholeSnapshot();
        log("one");
        disk.room = 0;
        log("two");
        log("three");
        disk.room = Integer.MAX_VALUE;
        log("four");

        MetricSnapshot lately = metrics.wholeSnapshot().since(before);
        assertThat(lately.get(LogMetric.WRITTEN)).isEqualTo(2);
        assertThat(lately.get(LogMetric.LOST)).isEqualTo(2);
    }

    private void log(String text) {
        LoggingEvent event = new LoggingEvent();
        event.setLevel(Level.INFO);
        event.setMessage(text);
        appender.doAppend(event);
    }
}
