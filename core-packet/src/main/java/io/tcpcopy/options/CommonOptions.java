package io.tcpcopy.options;

import java.io.File;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options that both programs have, as a picocli mixin. */
public final class CommonOptions {
    /** The port on which an intercept waits by default: default value of {@code -p} in both programs. */
    public static final String INTERCEPT_PORT = "36524";

    @Option(
            names = {"-l", "--log-file"},
            paramLabel = "FILE",
            order = 900,
            description = "Append the log to FILE. Default: standard error; with -d, error_${COMMAND-NAME}.log in the"
                    + " directory that the program is started in.")
    private File logFile;

    @Option(
            names = {"-P", "--pid-file"},
            paramLabel = "FILE",
            order = 901,
            description = "Keep the process ID in FILE; another process that is to use the same file does not start.")
    private File pidFile;

    @Option(
            names = {"-d", "--daemon"},
            order = 902,
            description = "Run as a daemon: this command ends, with status 0, when the program runs in the background.")
    private boolean daemon;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 903,
            description = "Print this help and exit.")
    private boolean help;

    @Option(
            names = {"-v", "--version"},
            versionHelp = true,
            order = 904,
            description = "Print the version and exit.")
    private boolean version;

    @Mixin
    private NeedlessSwitches needless = new NeedlessSwitches();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    /**
     * What the command line says of the program's life cycle. The log file is made if it is not there, but not for an errand, which would
     * leave a file that may not be the service's.
     *
     * @throws BadInputException when the log file cannot be written
     */
    public LifeCycleSettings lifeCycle(Optional<Errand> errand) throws BadInputException {
        Optional<OptionValue> pid = Optional.ofNullable(pidFile).map(file -> OptionValue.of("-P", file.getPath()));
        return new LifeCycleSettings(daemon, log(errand.isPresent()), pid, needless.given());
    }

    private Optional<Path> log(boolean isErrand) throws BadInputException {
        if (logFile == null && !daemon) {
            return Optional.empty();
        }
        String name = logFile == null ? "error_" + command.name() + ".log" : logFile.getPath();
        OptionValue value = OptionValue.of("-l", name);
        return Optional.of(isErrand ? value.writable() : value.appendable());
    }
}
