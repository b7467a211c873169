package io.tcpcopy.daemon;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.pattern.ClassicConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;

/** The level of a line in the words of syslog, which is how the original's logs say it. */
final class LogLevel extends ClassicConverter {
    @Override
    public String convert(ILoggingEvent event) {
        return switch (event.getLevel().toInt()) {
            case Level.ERROR_INT -> "error";
            case Level.WARN_INT -> "warn";
            case Level.INFO_INT -> "notice";
            case Level.DEBUG_INT -> "info";
            default -> "debug";
        };
    }
}
