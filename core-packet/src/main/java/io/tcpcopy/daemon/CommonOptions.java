package io.tcpcopy.daemon;

import picocli.CommandLine.Option;

/** The options that both programs have, as a picocli mixin. */
public final class CommonOptions {
    /** The port on which an intercept waits by default: default value of {@code -p} in both programs. */
    public static final String INTERCEPT_PORT = "36524";

    @Option(
            names = {"-l", "--log-file"},
            paramLabel = "FILE",
            order = 900,
            description = "Append the log to FILE. Default: standard error.")
    private String logFile;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            order = 901,
            description = "Print this help and exit.")
    private boolean help;

    @Option(
            names = {"-v", "--version"},
            versionHelp = true,
            order = 902,
            description = "Print the version and exit.")
    private boolean version;

    /**
     * Sends the log to where the command line says.
     *
     * @throws BadInputException when the log file cannot be written
     */
    public void setUpLog() throws BadInputException {
        if (logFile == null) {
            LogSetup.toStderr();
        } else {
            LogSetup.toFile(OptionValue.of("-l", logFile));
        }
    }
}
