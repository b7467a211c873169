package io.tcpcopy.collect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.logging.LoggedLines;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.observe.RunningProgram;
import io.tcpcopy.options.BadInputException;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Supplier;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
    private static final Finding NO_ROUTE =
            Finding.error(Code.NOTHING_COMES_BACK, "nothing came back to 203.0.113.7", "ip route add 203.0.113.0/24");

    @TempDir
    private Path folder;

    private Optional<Path> log = Optional.empty();
    private Supplier<Findings> checks = () -> new Findings(List.of(NO_ROUTE));

    /** Numbers of a program. */
    private record Number(String name, String label, String labelValue, long perUnit) implements Metric {
        @Override
        public Description description() {
            return new Description(name, "Help.", label, labelValue);
        }
    }

    private Report report(RunningProgram running) {
        return new Report(
                "sample",
                ReportTest.class,
                List.of("-x", "80-10.0.0.2:8080", "-F", "not src host 203.0.113.7", ""),
                log,
                List.of(Address.parse("10.0.0.2").orElseThrow()),
                checks,
                Optional.ofNullable(running));
    }

    private static RunningProgram running(Executor loop) {
        Metrics metrics = new Metrics("sample")
                .add(new Number("drops_total", "reason", "memory", 1), () -> 3)
                .add(new Number("drops_total", "reason", "gap", 1), () -> 4)
                .add(new Number("busy_seconds_total", "", "", 1_000_000_000), () -> 1_500_000_000);
        return new RunningProgram(loop, metrics, () -> List.of(NO_ROUTE), Optional::empty);
    }

    private Map<String, String> written(Report report) throws IOException {
        Path file = folder.resolve("report.tar.gz");
        report.write(file);
        return contents(file);
    }

    private static Map<String, String> contents(Path file) throws IOException {
        Map<String, String> contents = new LinkedHashMap<>();
        try (InputStream in = Files.newInputStream(file);
                TarArchiveInputStream tar = new TarArchiveInputStream(new GZIPInputStream(in))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                assertThat(entry.getMode() & 0777).isEqualTo(0600);
                assertThat(entry.getName()).startsWith("sample-report/");
                contents.put(
                        entry.getName().substring("sample-report/".length()),
                        new String(tar.readAllBytes(), StandardCharsets.UTF_8));
            }
        }
        return contents;
    }

    @Test
    void itHasWhatTheHostShows() throws Exception {
        Map<String, String> contents = written(report(null));

        assertThat(contents.get("versions.txt")).contains("sample ", "Java ", "libpcap version ", "Linux version ");
        assertThat(contents.get("system/sysctl.txt"))
                .contains("net.ipv4.ip_forward = ", "net.core.rmem_max = ")
                .doesNotContain("fastopen_key", "rss_key");
        assertThat(contents.get("system/processors.txt")).contains(" for this process\n");
        assertThat(contents.get("network/routes.txt")).contains("local 127.0.0.1 dev lo");
        assertThat(contents.get("network/snmp.txt")).contains("Tcp: ");
        assertThat(contents.get("process/limits.txt")).contains("Max open files");
        assertThat(contents).doesNotContainKeys("metrics.txt", "findings.txt");
    }

    @Test
    void itHasTheCommandLineAsAShellWouldTakeIt() throws Exception {
        assertThat(written(report(null)).get("command-line.txt"))
                .isEqualTo("sample -x 80-10.0.0.2:8080 -F 'not src host 203.0.113.x' ''\n");
    }

    @Test
    void itHasFindingsAndNumbersOfAProgramThatRuns() throws Exception {
        Map<String, String> contents = written(report(running(Runnable::run)));

        assertThat(contents.get("metrics.txt")).contains("""
                        sample_drops_total{reason="gap"} 4.0
                        sample_drops_total{reason="memory"} 3.0
                        """).contains("\nsample_busy_seconds_total 1.5\n");
        assertThat(contents.get("findings.txt"))
                .contains("TC401  nothing came back to 203.0.113.x", "ip route add 203.0.113.x/24");
        assertThat(contents.get("doctor.txt")).isEqualTo(contents.get("findings.txt"));
    }

    @Test
    void whatCannotBeReadIsListedAndCostsNothingElse() throws Exception {
        log = Optional.of(folder.resolve("not-there"));
        checks = () -> {
            throw new IllegalStateException("203.0.113.7 is\nstrange");
        };
        RunningProgram ended = running(task -> {
            throw new RejectedExecutionException("ended");
        });

        Map<String, String> contents = written(report(ended));

        assertThat(contents.get("not-read.txt"))
                .contains("doctor.txt: java.lang.IllegalStateException: 203.0.113.x is strange\n")
                .contains("metrics.txt: java.util.concurrent.RejectedExecutionException: ended\n")
                .contains("log.txt: " + folder + "/not-there is not a file\n");
        assertThat(contents).containsKeys("versions.txt", "network/routes.txt");
        assertThat(contents).doesNotContainKeys("doctor.txt", "metrics.txt", "findings.txt", "log.txt");
    }

    @Test
    void ofTheLogItHasTheEndInWholeLines() throws Exception {
        String line = "2026/11/22 14:01:35 +100 [warn] 203.0.113.7:40021 and so on\n";
        log = Optional.of(Files.writeString(folder.resolve("log"), "first\n" + line.repeat(30_000) + "last\n"));

        String end = written(report(null)).get("log.txt");

        String masked = line.replace("113.7", "113.x");
        assertThat(end.length()).isBetween((1 << 20) - masked.length(), (1 << 20) + 40);
        assertThat(end).startsWith("(cut here: longer than 1 MB)\n" + masked).endsWith(masked + "last\n");
    }

    @Test
    void aShortLogIsThereWhole() throws Exception {
        log = Optional.of(Files.writeString(folder.resolve("log"), "first\nlast\n"));

        assertThat(written(report(null)).get("log.txt")).isEqualTo("first\nlast\n");
    }

    @Test
    void onlyItsOwnerMayOpenIt() throws Exception {
        Path file = folder.resolve("report.tar.gz");

        report(null).write(file);

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-------");
    }

    @Test
    void aFileThatIsThereIsRefusedAndStaysAsItIs() throws Exception {
        Path file = Files.writeString(folder.resolve("report.tar.gz"), "before");

        assertThatThrownBy(() -> report(null).write(file, new PrintWriter(new StringWriter())))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --report: \"" + file + "\": is there already: name a new file");

        assertThat(file).hasContent("before");
    }

    @Test
    void aLinkIsRefusedAlsoOneThatLeadsNowhere() throws Exception {
        Path elsewhere = folder.resolve("elsewhere");
        Path link = Files.createSymbolicLink(folder.resolve("report.tar.gz"), elsewhere);

        assertThatThrownBy(() -> report(null).write(link, new PrintWriter(new StringWriter())))
                .hasMessageEndingWith("is there already: name a new file");

        assertThat(elsewhere).doesNotExist();
        assertThat(Files.exists(link, LinkOption.NOFOLLOW_LINKS)).isTrue();
    }

    @Test
    void aFolderThatIsNotThereIsRefused() {
        Path file = folder.resolve("none/report.tar.gz");

        assertThatThrownBy(() -> report(null).write(file, new PrintWriter(new StringWriter())))
                .hasMessage("option --report: \"" + file + "\": cannot be written: there is no such folder");
    }

    @Test
    void itSaysWhereItIsAndHowMuchIsMissing() throws Exception {
        StringWriter out = new StringWriter();
        Path file = folder.resolve("report.tar.gz");

        report(null).write(file, new PrintWriter(out));

        long missing = contents(file).get("not-read.txt").lines().count();
        assertThat(out)
                .hasToString("report written: " + file + " (not read: " + missing + ", see not-read.txt in it)"
                        + System.lineSeparator());
    }

    @Test
    void aRunningProgramWritesItsOwnAndLogsWhereItIs() throws Exception {
        try (LoggedLines lines = new LoggedLines(ReportRequests.class)) {
            new ReportRequests(report(running(Runnable::run)), folder).writeNow();

            Path file = onlyFile();
            assertThat(file.getFileName().toString()).matches("sample-\\d{8}-\\d{6}\\.tar\\.gz");
            assertThat(lines.all()).containsExactly("report written: " + file);
            assertThat(contents(file)).containsKey("metrics.txt");
        }
    }

    @Test
    void aRunningProgramLogsWhyThereIsNone() {
        try (LoggedLines lines = new LoggedLines(ReportRequests.class)) {
            new ReportRequests(report(null), folder.resolve("none")).writeNow();

            assertThat(lines.all())
                    .singleElement()
                    .asString()
                    .matches("no report: .*/none/sample-.*\\.tar\\.gz cannot be written: there is no such folder");
        }
    }

    @Test
    void aRunningProgramWritesOneAtATime() throws Exception {
        ReportRequests[] requests = new ReportRequests[1];
        checks = () -> {
            requests[0].writeNow();
            return new Findings(List.of());
        };
        requests[0] = new ReportRequests(report(null), folder);
        try (LoggedLines lines = new LoggedLines(ReportRequests.class)) {
            requests[0].writeNow();

            assertThat(lines.all())
                    .containsExactly("a report is being written already", "report written: " + onlyFile());
        }
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> found = files.toList();
            assertThat(found).hasSize(1);
            return found.get(0);
        }
    }

    @Test
    void reportsOfARunningProgramGoWhereItsLogsGo() throws Exception {
        Optional<Path> file = Optional.of(Files.createFile(folder.resolve("log")));
        Path here = Path.of("").toAbsolutePath();

        assertThat(ReportRequests.folder(Optional.of("/var/log/a:/var/log/b"), file))
                .isEqualTo(Path.of("/var/log/a"));
        assertThat(ReportRequests.folder(Optional.empty(), file)).isEqualTo(folder);
        assertThat(ReportRequests.folder(Optional.of(""), file)).isEqualTo(folder);
        assertThat(ReportRequests.folder(Optional.empty(), Optional.of(Path.of("/dev/null"))))
                .isEqualTo(here);
        assertThat(ReportRequests.folder(Optional.empty(), Optional.empty())).isEqualTo(here);
    }
}
