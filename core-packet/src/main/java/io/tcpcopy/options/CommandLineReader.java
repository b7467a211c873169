package io.tcpcopy.options;

import io.tcpcopy.diagnosis.Code;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Reads a command line into an object with picocli's annotations, in the manner of getopt(3): letters cluster, values may
 * be attached, the last of a repeated option wins, a value may look like an option, {@code @} means nothing special.
 */
public final class CommandLineReader {
    private final CommandLine commandLine;

    /** Fills the fields of {@code options}, a picocli command. */
    public CommandLineReader(Object options) {
        commandLine = new CommandLine(options)
                .setExpandAtFiles(false)
                .setOverwrittenOptionsAllowed(true)
                .setAllowOptionsAsOptionParameters(true)
                .setPosixClusteredShortOptionsAllowed(true)
                .setUsageHelpAutoWidth(true);
    }

    /**
     * Reads the arguments. Where they ask for help or the version, that is printed.
     *
     * @return whether the program is to run
     * @throws BadInputException for an unknown option, a missing value, or an argument that belongs to no option
     */
    public boolean read(String[] arguments, PrintWriter out) throws BadInputException {
        try {
            commandLine.parseArgs(arguments);
        } catch (UnmatchedArgumentException e) {
            throw unmatched(e, List.of(arguments));
        } catch (MissingParameterException e) {
            ArgSpec missing = e.getMissing().get(0);
            throw BadInputException.missingValue(name(missing), missing.paramLabel());
        } catch (ParameterException e) {
            throw BadInputException.refused(name(e.getArgSpec()), e.getValue(), "expected no value");
        }
        if (commandLine.isUsageHelpRequested()) {
            // Help is not parsed any more: it can show "-n NUM" although "--name=VALUE" is understood too.
            commandLine.setSeparator(" ");
            commandLine.usage(out);
        } else if (commandLine.isVersionHelpRequested()) {
            commandLine.printVersionHelp(out);
        } else {
            return true;
        }
        out.flush();
        return false;
    }

    private BadInputException unmatched(UnmatchedArgumentException e, List<String> arguments) {
        String argument = e.getUnmatched().get(0);
        if (e.isUnknownOption()) {
            return BadInputException.stray(argument, "an option that -h lists" + suggestion(e));
        }
        int index = arguments.indexOf(argument);
        String before = index > 0 ? arguments.get(index - 1) : "";
        return mayHaveValue(before)
                ? BadInputException.stray(
                        argument, "an option; a value of " + before + " is attached, as in " + before + "=" + argument)
                : BadInputException.stray(
                                argument,
                                "an option; a value of several words must be quoted, as in -F 'tcp and port 80'")
                        .about(Code.FILTER_WORDS);
    }

    private static String suggestion(UnmatchedArgumentException e) {
        return e.getSuggestions().stream()
                .findFirst()
                .map(option -> ", " + option + " perhaps")
                .orElse("");
    }

    private boolean mayHaveValue(String name) {
        OptionSpec option = commandLine.getCommandSpec().findOption(name);
        return option != null && option.arity().min() == 0 && option.arity().max() == 1;
    }

    private static String name(ArgSpec argument) {
        return argument instanceof OptionSpec option ? option.shortestName() : argument.paramLabel();
    }
}
