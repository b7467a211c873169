package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Reports about a copy can be passed on: they say what the host and the program are like, and nothing of the clients. */
class ReportIT {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Pattern WRITTEN = Pattern.compile("report written: (\\S+\\.tar\\.gz)");
    /** Begins the paths of all requests, which are payload. */
    private static final String SAID_BY_CLIENTS = "whatclientssay";

    private static final List<String> OF_EVERY_REPORT = List.of(
            "versions.txt",
            "command-line.txt",
            "log.txt",
            "network/routes.txt",
            "network/iptables-save.txt",
            "network/nft.txt",
            "network/neighbours.txt",
            "system/sysctl.txt",
            "process/limits.txt",
            "not-read.txt");

    @RegisterExtension
    private final Lab lab = new Lab();

    private CopiedService service;

    /** Both programs with a client's address on their command lines, in their logs and in the firewall of their hosts. */
    private void startCopying() throws IOException {
        service = new CopiedService(lab);
        for (Host host : List.of(Host.ONLINE, Host.ASSISTANT)) {
            lab.run(host, "iptables", "-A", "INPUT", "-s", client(40), "-p", "udp", "-j", "DROP");
        }
        service.startIntercept("-l", logAbout("intercept", client(41)));
        service.startTcpcopy("-l", logAbout("tcpcopy", client(42)), "-F", filter());
        service.traffic(SAID_BY_CLIENTS, "--short", "50", "--rate", "50")
                .complete()
                .assertCopiedExactly(PATIENCE);
    }

    private String client(int number) {
        return lab.address("CLIENT_PREFIX") + "." + number;
    }

    private String filter() {
        return "tcp and dst port " + CopiedService.PORT + " and not src host " + client(43);
    }

    private Path log(String program) {
        return lab.file(program + ".log");
    }

    private String logAbout(String program, String client) throws IOException {
        Files.writeString(log(program), "of a former run, about " + client + ":40021 and 2001:db8:1:2:3:4:5:6\n");
        return log(program).toString();
    }

    /** Asks a running program for its report, and waits until it is there. */
    private Path reportOf(HostProcess program) {
        program.writeReport();
        Path log = log(program.name());
        Waiting.until("the report is written", PATIENCE, () -> written(log).find());
        Matcher written = written(log);
        assertThat(written.find()).isTrue();
        return Path.of(written.group(1));
    }

    private static Matcher written(Path log) {
        try {
            return WRITTEN.matcher(Files.readString(log));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private String tar(String what, Path report) {
        return lab.run(Host.ONLINE, "tar", what, report.toString());
    }

    private void assertTellsNothingOfClients(Path report) throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(report)))
                .isEqualTo("rw-------");
        String everything = tar("xzOf", report);
        assertThat(everything)
                .contains(lab.address("CLIENT_PREFIX") + ".x", "of a former run", "2001:db8:1:2:x")
                .doesNotContainPattern(Pattern.quote(lab.address("CLIENT_PREFIX")) + "\\.\\d")
                .doesNotContain(SAID_BY_CLIENTS, "2001:db8:1:2:3");
    }

    private List<String> filesOf(String program, Path report) {
        String folder = program + "-report/";
        return tar("tzf", report)
                .lines()
                .map(line -> line.substring(folder.length()))
                .toList();
    }

    @Test
    void aRunningTcpcopyWritesItsReportAndCopiesOn() throws Exception {
        startCopying();

        Path report = reportOf(service.tcpcopy());

        assertThat(report.getParent()).isEqualTo(log("tcpcopy").getParent());
        assertThat(report.getFileName().toString()).matches("tcpcopy-\\d{8}-\\d{6}\\.tar\\.gz");
        assertThat(filesOf("tcpcopy", report)).containsAll(OF_EVERY_REPORT).contains("metrics.txt", "findings.txt");
        assertTellsNothingOfClients(report);
        assertThat(tar("xzOf", report))
                .contains("-x 8080-" + lab.address("TARGET") + ":8080 -s " + lab.address("ASSISTANT"))
                .containsPattern("tcpcopy_captured_packets_total\\{verdict=\"taken\"\\} [1-9]\\d+")
                .contains("net.ipv4.ip_forward = ", "tcpcopy started: ");
        service.traffic("more", "--short", "50", "--rate", "50").complete().assertCopiedExactly(PATIENCE);
        service.tcpcopy().endInPeace();
        service.intercept().endInPeace();
        service.assertClientsUndisturbed();
    }

    @Test
    void aRunningInterceptWritesItsReport() throws Exception {
        startCopying();

        Path report = reportOf(service.intercept());

        assertThat(filesOf("intercept", report)).containsAll(OF_EVERY_REPORT).contains("metrics.txt", "findings.txt");
        assertTellsNothingOfClients(report);
        assertThat(tar("xzOf", report)).containsPattern("intercept_routes_added_total [1-9]\\d*");
    }

    @Test
    void anotherProcessReportsWhatTheHostShowsBesideARunningOne() throws Exception {
        startCopying();
        String target = lab.address("TARGET");
        Stream<String> tcpcopy = Stream.of(
                Lab.script("tcpcopy"),
                "-x",
                "8080-" + target + ":8080",
                "-s",
                lab.address("ASSISTANT"),
                "-F",
                filter());
        Stream<String> intercept = Stream.of(Lab.script("intercept"), "-F", "tcp and src port 8080");

        assertReports("tcpcopy", Host.ONLINE, tcpcopy);
        assertReports("intercept", Host.ASSISTANT, intercept);
    }

    private void assertReports(String program, Host host, Stream<String> command) throws IOException {
        Path report = lab.file(program + ".tar.gz");
        Stream<String> more = Stream.of("-l", log(program).toString(), "--report", report.toString());

        HostProcess process =
                lab.start("report", host, Stream.concat(command, more).toArray(String[]::new));

        assertThat(process.waitFor(PATIENCE)).as(process.output()).isZero();
        assertThat(process.output()).startsWith("report written: " + report);
        assertThat(filesOf(program, report)).containsAll(OF_EVERY_REPORT).doesNotContain("metrics.txt");
        assertTellsNothingOfClients(report);
    }
}
