package io.tcpcopy.logging;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class RateLimitedLogTest {
    private static final long SECOND_NS = 1_000_000_000L;

    private final Logger logger = (Logger) LoggerFactory.getLogger(RateLimitedLogTest.class);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final RateLimitedLog log = new RateLimitedLog(logger);

    @BeforeEach
    void catchLines() {
        lines.start();
        logger.setAdditive(false);
        logger.addAppender(lines);
    }

    @AfterEach
    void release() {
        logger.detachAppender(lines);
    }

    @Test
    void secondLineIsLeftOutUntilASecondHasPassed() {
        assertThat(log.admits(Long.MIN_VALUE)).isTrue();
        assertThat(log.admits(Long.MIN_VALUE + SECOND_NS - 1)).isFalse();
        assertThat(log.admits(Long.MIN_VALUE + SECOND_NS)).isTrue();
    }

    @Test
    void nextLineSaysHowManyWereLeftOut() {
        write(0);
        write(1);
        write(2);
        write(SECOND_NS);
        write(2 * SECOND_NS);

        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("full", "full (2 left out since the last such line)", "full");
    }

    @Test
    void asManyLinesASecondAsWereAskedForAreAdmitted() {
        RateLimitedLog two = new RateLimitedLog(logger, 2);
        assertThat(two.admits(0)).isTrue();
        assertThat(two.admits(SECOND_NS - 1)).isTrue();
        assertThat(two.admits(SECOND_NS - 1)).isFalse();
        assertThat(two.admits(SECOND_NS)).isTrue();
    }

    @Test
    void everyLevelSaysHowManyWereLeftOut() {
        log.admits(0);
        log.admits(1);
        log.info("connected");
        log.admits(2);
        log.error("too old");

        assertThat(lines.list)
                .extracting(ILoggingEvent::toString)
                .containsExactly(
                        "[INFO] connected (1 left out since the last such line)",
                        "[ERROR] too old (1 left out since the last such line)");
    }

    private void write(long nowNs) {
        if (log.admits(nowNs)) {
            log.warn("full");
        }
    }
}
