package io.tcpcopy.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

/** The command line of the bench. */
@Command(name = "bench", sortOptions = false, synopsisHeading = "Usage: ")
final class BenchOptions {

    @Parameters(paramLabel = "ROW", arity = "0..*", description = "The rows to run. Default: all.")
    private List<String> names = new ArrayList<>();

    @Option(names = "--list", description = "Print the rows.")
    private boolean list;

    @Option(
            names = "--capture",
            paramLabel = "KIND",
            split = ",",
            description = "Run each row with these ways of capturing, one after the other: auto, ring, pcap, raw.")
    private List<String> captures = new ArrayList<>();

    @Option(
            names = "--peer-tcpcopy",
            paramLabel = "CMD",
            description = "Run each row with another pair of programs as well.")
    private String peerTcpcopy;

    @Option(names = "--peer-intercept", paramLabel = "CMD", description = "The other one of the pair.")
    private String peerIntercept;

    @Option(
            names = "--runs",
            paramLabel = "NUM",
            defaultValue = "1",
            description = "Run each row so often, with all in turn. Default: ${DEFAULT-VALUE}.")
    private int runs;

    @Option(names = "--json", paramLabel = "FILE", description = "Write all runs as JSON.")
    private Path json;

    @Option(names = "--markdown", paramLabel = "FILE", description = "Write medians and spread as a table in Markdown.")
    private Path markdown;

    @Option(names = "--svg", paramLabel = "FILE", description = "Draw the comparison with the other pair.")
    private Path svg;

    @Option(names = "--logs", paramLabel = "FOLDER", defaultValue = "bench-logs", description = "For programs' logs.")
    private Path logs;

    private CommandLine commandLine;

    private BenchOptions() {}

    /**
     * Reads a command line.
     *
     * @throws ParameterException when it is wrong
     */
    static BenchOptions read(String[] arguments) {
        BenchOptions options = new BenchOptions();
        options.commandLine = new CommandLine(options);
        options.commandLine.parseArgs(arguments);
        if ((options.peerTcpcopy == null) != (options.peerIntercept == null)) {
            throw options.wrong("--peer-tcpcopy and --peer-intercept go together");
        }
        if (options.svg != null && options.peerTcpcopy == null) {
            throw options.wrong("--svg draws a comparison: it needs --peer-tcpcopy and --peer-intercept");
        }
        if (options.runs < 1) {
            throw options.wrong("--runs " + options.runs + ": at least one");
        }
        options.rows();
        return options;
    }

    private ParameterException wrong(String message) {
        return new ParameterException(commandLine, message);
    }

    /** Whether only the rows are to be printed. */
    boolean list() {
        return list;
    }

    /** The rows to run. */
    List<Row> rows() {
        return names.isEmpty() ? Row.ALL : names.stream().map(this::row).toList();
    }

    private Row row(String name) {
        return Row.ALL.stream()
                .filter(row -> row.name().equals(name))
                .findFirst()
                .orElseThrow(() -> wrong("no row is called " + name + ", see --list"));
    }

    /** What to run them with. */
    List<Contender> contenders() {
        List<Contender> contenders = new ArrayList<>();
        if (captures.isEmpty()) {
            contenders.add(Contender.ofOurs());
        }
        captures.forEach(capture -> contenders.add(Contender.ofOurs(capture)));
        if (peerTcpcopy != null) {
            contenders.add(Contender.ofPeer(peerTcpcopy, peerIntercept));
        }
        return contenders;
    }

    /** How often. */
    int runs() {
        return runs;
    }

    /** Where all runs go as JSON, or null. */
    Path json() {
        return json;
    }

    /** Where the table goes, or null. */
    Path markdown() {
        return markdown;
    }

    /** Where the picture goes, or null. */
    Path svg() {
        return svg;
    }

    /** The folder for the programs' logs. */
    Path logs() {
        return logs.toAbsolutePath();
    }
}
