package io.tcpcopy.daemon;

import java.nio.file.Path;
import java.util.Optional;

/**
 * What the command line says of a program's life, checked.
 *
 * @param daemon whether to detach from the terminal
 * @param logFile where the log goes, an absolute path to a file that can be written; empty for stderr
 * @param pidFile value of the option {@code -P}
 */
public record LifeCycleSettings(boolean daemon, Optional<Path> logFile, Optional<OptionValue> pidFile) {}
