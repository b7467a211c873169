package io.tcpcopy.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the log to where the command line says, in lines that look like the original's. */
final class LogSetup {
    /** {@code 2026/11/22 14:01:35 +100 [notice] text}: the third part is milliseconds. */
    private static final String PATTERN = "%d{yyyy/MM/dd HH:mm:ss} +%d{SSS} [%syslogLevel] %msg%n";

    /** Goes to the first column and erases to the end of the row (ECMA-48: CR and EL). */
    private static final String CLEAR_ROW = "\r\u001b[K";

    private LogSetup() {}

    /** Logs to stderr. */
    static void toStderr() {
        use(new FileOutputStream(FileDescriptor.err), PATTERN);
    }

    /** Logs to stderr, a terminal on whose last row something is written again and again: each line takes its place. */
    static void toTerminalAboveItsLastRow() {
        use(new FileOutputStream(FileDescriptor.err), CLEAR_ROW + PATTERN);
    }

    /**
     * Logs to a file, always behind what is there, also when another process has cut it to nothing.
     *
     * @throws IOException when the file cannot be written
     */
    static void toFile(Path file) throws IOException {
        use(new FileOutputStream(file.toFile(), true), PATTERN);
    }

    private static void use(OutputStream out, String pattern) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("syslogLevel", LogLevel::new);
        layout.setPattern(pattern);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        LogAppender appender = new LogAppender(out, encoder);
        appender.setContext(context);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger("io.tcpcopy").setLevel(Level.INFO);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }
}
