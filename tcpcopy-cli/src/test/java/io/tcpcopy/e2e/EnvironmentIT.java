package io.tcpcopy.e2e;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.inject.TestPackets;
import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.Waiting;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The programs in surroundings that are not the usual ones: they do what they always do, or say in one line what they need.
 * Each runs behind a line of shell that makes the surroundings, in a network and with mounts of its own. What works anywhere
 * is shown by a replay of datagrams, which needs no other host.
 */
class EnvironmentIT {

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int FAILED = 1;
    private static final int BAD_INPUT = 2;

    private static final int ONLINE = 0x0A020001;
    private static final int CLIENT = 0x0A090005;
    private static final int PORT = 53;
    private static final String COPY = " --udp -x 53-10.2.0.2:5353";
    private static final String LIVE = "exec tcpcopy" + COPY;
    private static final String REPLAY = "exec tcpcopy --offline -i udp.pcap" + COPY;
    /** Another place that the program is in. */
    private static final String COPIED_PROGRAM = "cp -r \"$0/../tcpcopy-cli/target/dist\" copy; ";
    /** A link whose other end nobody listens on, and programs that are found by their names. */
    private static final String HOST = "ip link set lo up; ip link add here type veth peer name there;"
            + " ip addr add 10.2.0.1/24 dev here; ip link set here up; ip link set there up;"
            + " ip neigh add 10.2.0.2 lladdr 02:00:00:00:00:02 dev here; mount --make-rprivate /; ";

    /** What the log says of everything that happens is made of these alone, in each language. */
    private static final String REPLAYED = "(?s)\\p{ASCII}*datagrams captured:5,delivered:5,lost:0\n\\p{ASCII}*"
            + "\\[notice\\] nothing was lost\n\\p{ASCII}*tcpcopy stopped\n";

    @TempDir
    private Path folder;

    @BeforeEach
    void capture() throws IOException {
        assumeTrue(
                Files.getAttribute(Path.of("/proc/self"), "unix:uid").equals(0),
                "skipped: needs root, for a network and mounts of its own");
        try (CaptureFileWriter file = new CaptureFileWriter(folder.resolve("udp.pcap"), CaptureFileWriter.RAW_IP)) {
            for (int i = 0; i < 5; i++) {
                ByteBuffer packet = TestPackets.udp(CLIENT, ONLINE, PORT, new byte[] {(byte) i});
                byte[] bytes = new byte[packet.capacity()];
                packet.get(0, bytes);
                file.add(i, bytes);
            }
        }
    }

    /** Runs lines of shell in the folder; {@code tcpcopy} and {@code intercept} are the programs. */
    private HostProcess start(String lines) throws IOException {
        String programs = Path.of(Lab.script("tcpcopy")).getParent().toString();
        return HostProcess.start(
                "shell",
                Files.createTempFile(folder, "environment", ".out"),
                List.of(
                        "unshare",
                        "--net",
                        "--mount",
                        "sh",
                        "-c",
                        HOST + "export PATH=\"$0:$PATH\"; cd \"$1\"; " + lines,
                        programs,
                        folder.toString()));
    }

    /** What it has printed. */
    private String run(int status, String lines) throws IOException {
        try (HostProcess process = start(lines)) {
            assertThat(process.waitFor(PATIENCE)).as(process.output()).isEqualTo(status);
            assertThat(leftBehind()).isEmpty();
            return process.output();
        }
    }

    private void assertSays(int status, String lines, String expected) throws IOException {
        String output = run(status, lines);
        // The shell itself has something to say of a directory that is gone.
        assertThat(output.lines().filter(line -> !line.startsWith("sh: 0: getcwd() failed")))
                .singleElement()
                .asString()
                .matches(expected);
    }

    /** What a Java that ends in a bad way leaves in the directory. */
    private List<String> leftBehind() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.startsWith("hs_err") || name.startsWith("core"))
                    .toList();
        }
    }

    @ParameterizedTest
    @CsvSource({"--version, 1", "--offline --version, 4"})
    void onlyTheReplayOfAFileIsLeftToBothCompilers(String options, int level) throws IOException {
        String output = run(0, "export TCPCOPY_JAVA_OPTS=-XX:+PrintFlagsFinal; exec tcpcopy " + options);

        assertThat(output).containsPattern("TieredStopAtLevel += +" + level + " ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "ulimit -n 32 | 32 open files are too few: at least 64 are needed \\(ulimit -n, LimitNOFILE= of a unit\\)",
                "ulimit -v 400000 | Java does not start \\(/.*\\): Could not reserve .*"
                        + " \\(ulimit -v is 400000; 1200000 are enough\\)",
                "ulimit -v 1000000 | Java does not start .* \\(ulimit -v is 1000000; 1200000 are enough\\)",
                "umount -l /proc | there is no /proc: mount it",
                "mount -t tmpfs none /dev | there is no /dev/null: mount /dev",
                "mkdir x; cd x; rmdir ../x | Java does not start .*: Could not determine current working directory\\.",
                "export JAVA_HOME=/nowhere | JAVA_HOME=/nowhere holds no Java 17 or newer",
                "export TCPCOPY_JAVA_OPTS=-Xmx1k | Java does not start \\(/.*\\): .*heap.*",
            })
    void whatJavaCannotDoWithoutIsNamedInOneLine(String surroundings, String expected) throws IOException {
        assertSays(FAILED, surroundings + "; exec tcpcopy -v", "tcpcopy: " + expected);
    }

    @ParameterizedTest
    @CsvSource({
        "1.8.0_392, exit 1, JAVA_HOME=/.*/java holds no Java 17 or newer",
        "11.0.2, exit 1, JAVA_HOME=/.*/java holds no Java 17 or newer",
        "21.0.1, echo it is broken; exit 139, Java does not start \\(/.*/java\\): it is broken",
        "21.0.1, kill -KILL $$, Java does not start .*: it ended without a word.*as if it was killed: .*"
    })
    void aJavaThatIsTooOldOrBrokenIsNamedInOneLine(String version, String behaviour, String expected)
            throws IOException {
        String java = "mkdir -p java/bin; echo 'JAVA_VERSION=\"" + version + "\"' >java/release;"
                + " printf '#!/bin/sh\\n" + behaviour + "\\n' >java/bin/java; chmod +x java/bin/java;"
                + " export JAVA_HOME=\"$PWD/java\"; ";

        assertSays(FAILED, java + "exec intercept -v", "intercept: " + expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "export JAVA_TOOL_OPTIONS=-Dother=1 _JAVA_OPTIONS=-Xmx1k JDK_JAVA_OPTIONS=-version CLASSPATH=/nowhere;"
                        + " export TZ=Nowhere/Nothing",
                "ulimit -v 1200000; ulimit -n 64; ulimit -s 256; ulimit -l 0; umask 077; unset HOME;"
                        + " export TCPCOPY_JAVA_OPTS=-Djava.io.tmpdir=/nowhere; mount -o remount,bind,ro /",
            })
    void itCopiesAsEverywhere(String surroundings) throws IOException {
        assertThat(run(0, surroundings + "; " + REPLAY)).matches("20\\d\\d/.* tcpcopy started: .*\n" + REPLAYED);
    }

    @ParameterizedTest
    @CsvSource({
        ":, 1, .*the shared archive file.*",
        "copy/lib/class-archive, 0, tcpcopy .*",
    })
    void classesAreArchivedForOnePlace(String before, int status, String expected) throws IOException {
        assertSays(
                status,
                COPIED_PROGRAM + before + "; export TCPCOPY_JAVA_OPTS=-Xshare:on; exec copy/bin/tcpcopy -v",
                expected);
    }

    @ParameterizedTest
    @ValueSource(strings = {":", "echo other >copy/lib/tcpcopy.jsa", "rm copy/lib/tcpcopy.jsa"})
    void anArchiveOfClassesThatIsOfNoUseIsPassedOver(String archive) throws IOException {
        assertSays(0, COPIED_PROGRAM + archive + "; exec copy/bin/tcpcopy -v", "tcpcopy .*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"C", "ar_EG.UTF-8"})
    void namesOfFilesAndLinesOfTheLogDependOnNoLanguage(String locale) throws IOException {
        String output = run(
                0,
                "export LC_ALL=" + locale + "; n=$(printf 'gr\\303\\274n'); cp udp.pcap $n.pcap;"
                        + " tcpcopy --offline -i $n.pcap -l $n.log --summary $n.json -P $n.pid" + COPY
                        + " >/dev/null && grep -v /$n.pcap $n.log && grep -q '\"delivered\" : 5' $n.json");

        assertThat(output).matches(REPLAYED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-i", "-P"})
    void aNameThatIsNotInUtf8IsRefused(String option) throws IOException {
        assertSays(
                BAD_INPUT,
                "n=$(printf 'gr\\374n'); cp udp.pcap $n; " + REPLAY + " " + option + " $n",
                "tcpcopy: option " + option
                        + ": \".*gr\uFFFDn\": its name, or that of its folder, is not in UTF-8: rename it");
    }

    @ParameterizedTest
    @CsvSource({"--summary /sum, --summary, /sum", "-d, -l, error_tcpcopy.log"})
    void aFileThatCannotBeWrittenIsNamedOnceWithTheReason(String given, String option, String file) throws IOException {
        assertSays(
                BAD_INPUT,
                "mount -o remount,bind,ro /; cd /; exec tcpcopy --offline -i \"$1\"/udp.pcap" + COPY + " " + given,
                "tcpcopy: option " + option + ": \"" + file + "\": cannot be written: Read-only file system");
    }

    @Test
    void nobodyElseMayWriteItsLogWhateverTheUmaskIs() throws IOException {
        run(0, "umask 000; " + REPLAY + " -l log");

        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(folder.resolve("log"))))
                .isEqualTo("rw-rw-r--");
    }

    @Test
    void aLogThatMayNotGrowEndsNothing() throws IOException {
        run(0, "ulimit -f 1; " + REPLAY + " -l log");

        assertThat(folder.resolve("log")).isNotEmptyFile();
    }

    @Test
    void aPidFileThatCannotBeWrittenIsNotLeftBehind() throws IOException {
        run(BAD_INPUT, "ulimit -f 0; " + REPLAY + " -P pid");

        assertThat(folder.resolve("pid")).doesNotExist();
    }

    @ParameterizedTest
    @ValueSource(strings = {"2>/dev/full", "2>&1 | true"})
    void aLogThatNobodyGetsEndsNothing(String redirection) throws IOException {
        String replay = "{ " + REPLAY.replace("exec ", "") + "; echo $? >status; } ";

        assertThat(run(0, replay + redirection + "; exit $(cat status)")).isEmpty();
    }

    @Test
    void aSummaryThatCannotBeWrittenIsAFailure() throws IOException {
        run(FAILED, REPLAY + " --summary /dev/full");
    }

    @Test
    void helpThatNobodyGetsIsAFailure() throws IOException {
        assertSays(FAILED, "exec tcpcopy -h >/dev/full", "tcpcopy: standard output cannot be written: .*");
    }

    @Test
    void noFileOrSocketTakesThePlaceOfAStandardStreamThatIsClosed() throws IOException {
        try (HostProcess process = start(LIVE + " -l log <&- >&- 2>&-")) {
            awaitStart(process);
            for (String stream : List.of("0", "1", "2")) {
                assertThat(Path.of("/proc", "" + process.pid(), "fd", stream).toRealPath())
                        .isEqualTo(Path.of("/dev/null"));
            }
            process.endInPeace();
            assertThat(Files.readString(folder.resolve("log"))).endsWith("tcpcopy stopped\n");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"--ignore-signal=TERM", "--block-signal=TERM --block-signal=USR1"})
    void sigtermStopsItWhateverIsIgnoredOrBlocked(String signals) throws IOException {
        try (HostProcess process = start(LIVE.replace("exec ", "exec env " + signals + " ") + " -l log")) {
            awaitStart(process);

            process.endInPeace();

            assertThat(Files.readString(folder.resolve("log"))).endsWith("tcpcopy stopped\n");
        }
    }

    /** Java would handle it from its start on, had the launcher not given it another one. */
    @Test
    void theSignalOfReportsIsStillIgnoredWhereItWas() throws IOException {
        try (HostProcess process = start(LIVE.replace("exec ", "exec env --ignore-signal=USR2 ") + " -l log")) {
            awaitStart(process);

            process.writeReport();

            assertThat(Path.of("/proc", "" + process.pid(), "status"))
                    .content()
                    .containsPattern("SigIgn:\\s*[0-9a-f]*[89a-f][0-9a-f]{2}\\s");
            process.endInPeace();
            assertThat(Files.readString(folder.resolve("log"))).doesNotContain("report");
        }
    }

    private void awaitStart(HostProcess process) {
        Path log = folder.resolve("log");
        Waiting.until("tcpcopy has started", PATIENCE, () -> {
            process.mustRun();
            try {
                return Files.exists(log) && Files.readString(log).contains("tcpcopy started");
            } catch (IOException e) {
                return false;
            }
        });
    }
}
