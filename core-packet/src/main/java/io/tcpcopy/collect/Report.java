package io.tcpcopy.collect;

import io.tcpcopy.doctor.FindingFormat;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.host.HostText;
import io.tcpcopy.host.NotReadException;
import io.tcpcopy.net.PacketFilter;
import io.tcpcopy.observe.AddressMask;
import io.tcpcopy.observe.Observation;
import io.tcpcopy.observe.PrometheusText;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.options.ProgramVersion;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What belongs to a question about a program, to be put into an archive.
 *
 * @param program its name
 * @param mainClass tells its version
 * @param arguments of its command line, as they were given
 * @param log the file of its log; empty where that goes to stderr
 * @param kept addresses that stay whole: those of the set-up, none of clients
 * @param checks the findings of doctor, looked for when the report is written
 * @param running the program itself, where it runs
 */
public record Report(
        String program,
        Class<?> mainClass,
        List<String> arguments,
        Optional<Path> log,
        Collection<Address> kept,
        Supplier<Findings> checks,
        Optional<RunningProgram> running) {
    private static final String OPTION = "--report";
    /** For a running program's answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private static final int MB_SHIFT = 20;
    private static final Path KERNEL = Path.of("/proc/version");
    /** What a shell takes as it stands. */
    private static final Pattern PLAIN_WORD = Pattern.compile("[\\w%+,./:=@-]+");

    /**
     * Writes the archive that {@code --report} asks for, and says so.
     *
     * @throws BadInputException when the file is there already, or cannot be written
     */
    public void write(Path file, PrintWriter out) throws BadInputException {
        try {
            int notRead = write(file);
            out.println("report written: " + file
                    + (notRead == 0 ? "" : " (not read: " + notRead + ", see " + ReportArchive.NOT_READ + " in it)"));
            out.flush();
        } catch (IOException e) {
            throw BadInputException.refused(OPTION, file.toString(), reason(e));
        }
    }

    /** Why no report could be written. */
    static String reason(IOException e) {
        return e instanceof FileAlreadyExistsException
                ? "is there already: name a new file"
                : "cannot be written: " + OptionValue.reason(e);
    }

    /**
     * Writes the archive; any thread may do it.
     *
     * @param file that is not there yet
     * @return how many parts could not be read
     * @throws IOException when it cannot be written
     */
    int write(Path file) throws IOException {
        ReportArchive archive = new ReportArchive(file, program + "-report", new AddressMask(kept));
        try (archive) {
            archive.add("versions.txt", this::versions);
            archive.add("command-line.txt", this::commandLine);
            archive.add("doctor.txt", () -> text(checks.get()));
            if (running.isPresent()) {
                RunningProgram program = running.get();
                archive.add("metrics.txt", () -> PrometheusText.of(program.metrics(), asked(program)));
                archive.add(
                        "findings.txt", () -> text(new Findings(asked(program).findings())));
            }
            archive.add("log.txt", this::endOfLog);
            HostParts.addTo(archive);
        } catch (IOException e) {
            Files.deleteIfExists(file);
            throw e;
        }
        return archive.partsNotRead();
    }

    private static Observation asked(RunningProgram program) throws NotReadException {
        try {
            return program.observe().get(PATIENCE.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException e) {
            throw new NotReadException("the program did not answer within " + PATIENCE.toSeconds() + " s");
        } catch (ExecutionException e) {
            throw new NotReadException(e.getCause().toString());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new NotReadException("interrupted");
        }
    }

    private String versions() throws IOException {
        return program + " " + ProgramVersion.of(mainClass) + "\n"
                + "Java " + System.getProperty("java.vm.version") + ", " + System.getProperty("java.vendor") + ", at "
                + System.getProperty("java.home") + ", heap of "
                + (Runtime.getRuntime().maxMemory() >> MB_SHIFT) + " MB\n"
                + libpcap() + "\n"
                + HostText.read(KERNEL).text();
    }

    private static String libpcap() {
        try {
            return PacketFilter.version();
        } catch (LinkageError e) {
            return "no libpcap: " + e.getMessage();
        }
    }

    private String commandLine() {
        return Stream.concat(Stream.of(program), arguments.stream())
                .map(word -> PLAIN_WORD.matcher(word).matches() ? word : "'" + word.replace("'", "'\\''") + "'")
                .collect(Collectors.joining(" ", "", "\n"));
    }

    private String endOfLog() throws NotReadException, IOException {
        Path file = log.orElseThrow(
                () -> new NotReadException("the log goes to stderr (-l); of a service: journalctl -u " + program));
        if (!Files.isRegularFile(file)) {
            throw new NotReadException(file + " is not a file");
        }
        return HostText.readEnd(file).text();
    }

    private static String text(Findings findings) {
        StringWriter text = new StringWriter();
        findings.write(FindingFormat.HUMAN, new PrintWriter(text));
        return text.toString();
    }
}
