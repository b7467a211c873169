package io.tcpcopy.options;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the command line says of a program's life cycle, checked.
 *
 * @param daemon whether to detach from the terminal
 * @param logFile where the log goes, an absolute path to a file that can be written; empty for stderr
 * @param pidFile value of the option {@code -P}
 * @param withoutEffect options that were given and have no effect here, which the log names
 */
public record LifeCycleSettings(
        boolean daemon, Optional<Path> logFile, Optional<OptionValue> pidFile, List<String> withoutEffect) {

    /** The same with one more option that has no effect. */
    public LifeCycleSettings andWithoutEffect(String option) {
        List<String> options = new ArrayList<>(withoutEffect);
        options.add(option);
        return new LifeCycleSettings(daemon, logFile, pidFile, options);
    }
}
