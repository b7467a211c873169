package io.tcpcopy.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends the log to where the command line says, in lines that look like the original's. */
public final class LogSetup {
    /** {@code 2026/11/22 14:01:35 +100 [notice] text}: the third part is milliseconds. */
    private static final String PATTERN = "%d{yyyy/MM/dd HH:mm:ss} +%d{SSS} [%syslogLevel] %msg%n";

    private LogSetup() {}

    /** Logs to stderr. */
    public static void toStderr() {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget("System.err");
        use(appender);
    }

    /**
     * Logs to a file, behind what is there.
     *
     * @param file value of the option {@code -l}
     * @throws BadInputException when the file cannot be written
     */
    public static void toFile(OptionValue file) throws BadInputException {
        try {
            // logback would only print its own status when it fails.
            Files.newOutputStream(Path.of(file.text()), StandardOpenOption.CREATE, StandardOpenOption.APPEND)
                    .close();
        } catch (NoSuchFileException e) {
            throw file.refused("cannot be written: there is no such folder");
        } catch (AccessDeniedException e) {
            throw file.refused("cannot be written: permission denied");
        } catch (IOException | InvalidPathException e) {
            throw file.refused("cannot be written: " + e.getMessage());
        }
        FileAppender<ILoggingEvent> appender = new FileAppender<>();
        appender.setFile(file.text());
        appender.setAppend(true);
        use(appender);
    }

    private static void use(OutputStreamAppender<ILoggingEvent> appender) {
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.reset();
        PatternLayout layout = new PatternLayout();
        layout.setContext(context);
        layout.getInstanceConverterMap().put("syslogLevel", LogLevel::new);
        layout.setPattern(PATTERN);
        layout.start();
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.setLayout(layout);
        encoder.start();
        appender.setContext(context);
        appender.setEncoder(encoder);
        appender.start();
        context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(Level.WARN);
        context.getLogger("io.tcpcopy").setLevel(Level.INFO);
        context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(appender);
    }
}
