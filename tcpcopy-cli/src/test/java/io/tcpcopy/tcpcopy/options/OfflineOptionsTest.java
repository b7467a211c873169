package io.tcpcopy.tcpcopy.options;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OfflineOptionsTest {
    private static final int TARGET = 0x0A000002;
    private static final List<String> REQUIRED = List.of("-x", "80-10.0.0.2:8080", "-s", "10.0.0.3");

    @TempDir
    private Path folder;

    private static TcpcopySettings read(String... more) throws Exception {
        List<String> arguments = new ArrayList<>(REQUIRED);
        arguments.addAll(List.of(more));
        return TcpcopyOptions.read(arguments.toArray(String[]::new), new PrintWriter(new StringWriter()))
                .orElseThrow();
    }

    private Path captureFile(String name, int linkType) throws IOException {
        Path path = folder.resolve(name);
        try (CaptureFileWriter writer = new CaptureFileWriter(path, linkType)) {
            writer.add(0, new byte[60]);
        }
        return path;
    }

    @Test
    void aCaptureFileIsReplayedOnceInItsOwnTimeByDefault() throws Exception {
        Path file = captureFile("some.pcap", CaptureFileWriter.ETHERNET);

        TcpcopySettings settings = read("--offline", "-i", file.toString());

        assertThat(settings.captures()).isEmpty();
        assertThat(settings.offline()).contains(new OfflineSettings(file, "", 1, Long.MAX_VALUE, 1, List.of()));
        assertThat(settings.copy().session().speedUp()).isOne();
        assertThat(read().copy().session().speedUp()).isEqualTo(Settings.LIVE);
    }

    @Test
    void everyOptionOfAReplayIsTaken() throws Exception {
        Path file = captureFile("some,file.pcap", CaptureFileWriter.ETHERNET);
        Path summary = folder.resolve("summary");
        Path report = folder.resolve("report.html");

        TcpcopySettings settings = read(
                "--offline",
                "-i",
                file.toString(),
                "-F",
                "tcp port 80",
                "-a10",
                "-I",
                "0",
                "-T3",
                "--summary",
                summary.toString(),
                "--summary",
                report.toString());

        assertThat(settings.offline())
                .contains(new OfflineSettings(file, "tcp port 80", 10, 0, 3, List.of(summary, report)));
        assertThat(settings.copy().session().speedUp()).isEqualTo(10);
    }

    @Test
    void aCaptureMayBeReplayedToTheServerThatWasCaptured() throws Exception {
        String file = captureFile("some.pcap", CaptureFileWriter.ETHERNET).toString();
        String toItself = "10.0.0.2:80-10.0.0.2:80";

        assertThat(read("-x", toItself, "--offline", "-i", file)
                        .copy()
                        .session()
                        .transfers())
                .containsExactly(new Transfer(Endpoint.ipv4(TARGET, 80), Endpoint.ipv4(TARGET, 80)));
        assertThatThrownBy(() -> read("-x", toItself))
                .hasMessageContaining("a target other than the online server itself");
    }

    @ParameterizedTest
    @CsvSource({
        "missing, there is no such file",
        "empty, is empty",
        "foreign, 'is text, no capture (tcpdump writes one with -w)'",
        "header, holds no packets",
        "cut, holds no whole packet: truncated dump file",
        "'', is no file",
        "unknown, 'has link type IEEE802_11 (105, 802.11), in which IPv4 is not looked for'",
    })
    void aFileThatIsNoCaptureIsRefused(String name, String reason) throws Exception {
        byte[] capture = Files.readAllBytes(captureFile("some.pcap", CaptureFileWriter.ETHERNET));
        captureFile("unknown", 105);
        Files.createFile(folder.resolve("empty"));
        Files.writeString(folder.resolve("foreign"), "no capture at all, but long enough to be one");
        Files.write(folder.resolve("header"), Arrays.copyOf(capture, 24));
        Files.write(folder.resolve("cut"), Arrays.copyOf(capture, 30));

        String file = folder.resolve(name).toString();
        assertThatThrownBy(() -> read("--offline", "-i", file))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith("option -i: \"" + file)
                .hasMessageContaining(reason);
    }

    @ParameterizedTest
    @CsvSource({
        "-a 0, 'option -a: \"0\": expected a number from 1 to 1000000'",
        "-I -1, 'option -I: \"-1\": expected a number from 0 to 86400000'",
        "-T 0, 'option -T: \"0\": expected a number from 1 to 1000000'",
        "--summary /no/such/folder/file, 'option --summary: \"/no/such/folder/file\": cannot be written: '",
        "-F 'tcp and', 'TC105: option -F: \"tcp and\": '",
        "-F '', 'option -F: \"\": expected a filter'",
        "-B 8, 'option -B: \"8\": nothing is captured with --offline'",
        "-S 128, 'option -S: \"128\": nothing is captured with --offline'",
        "--capture raw, 'option --capture: \"raw\": expected none with --offline'",
    })
    void whatAReplayCannotDoIsRefused(String optionAndValue, String message) throws Exception {
        String file = captureFile("some.pcap", CaptureFileWriter.ETHERNET).toString();
        int blank = optionAndValue.indexOf(' ');
        String option = optionAndValue.substring(0, blank);
        String value = optionAndValue.substring(blank + 1).replace("'", "");

        assertThatThrownBy(() -> read("--offline", "-i", file, option, value))
                .isInstanceOf(BadInputException.class)
                .hasMessageStartingWith(message);
    }

    @ParameterizedTest
    @CsvSource({"a.json, b.json", "a.html, b.html", "a.html, a.html", "a, a"})
    void twoSummariesOfOneKindAreRefused(String first, String second) throws Exception {
        String file = captureFile("some.pcap", CaptureFileWriter.ETHERNET).toString();
        String one = folder.resolve(first).toString();
        String other = folder.resolve(second).toString();

        assertThatThrownBy(() -> read("--offline", "-i", file, "--summary", one, "--summary", other))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --summary: \"" + other
                        + "\": expected at most one name that ends in .html, and one other");
    }

    @ParameterizedTest
    @CsvSource({"--summary", "-l"})
    void theFileThatIsReplayedIsNotWrittenTo(String option) throws Exception {
        Path file = captureFile("some.pcap", CaptureFileWriter.ETHERNET);
        byte[] before = Files.readAllBytes(file);
        Path link = Files.createSymbolicLink(folder.resolve("link"), file);

        assertThatThrownBy(() -> read("--offline", "-i", file.toString(), option, link.toString()))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option " + option + ": \"" + link + "\": is the file that is to be replayed");
        assertThat(file).hasBinaryContent(before);
    }

    @Test
    void logAndSummaryAreTwoFiles() throws Exception {
        String file = captureFile("some.pcap", CaptureFileWriter.ETHERNET).toString();
        String both = folder.resolve("both").toString();

        assertThatThrownBy(() -> read("--offline", "-i", file, "--summary", both, "-l", both))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -l: \"" + both + "\": is the file of --summary");
    }

    @Test
    void whoOnlyLooksLeavesNoLogFile() throws Exception {
        Path log = folder.resolve("log");

        assertThat(read("--doctor", "-l", log.toString()).lifeCycle().logFile()).contains(log);
        assertThat(log).doesNotExist();
        read("-l", log.toString());
        assertThat(log).exists();
    }

    @ParameterizedTest
    @ValueSource(strings = {"-a", "-I", "-T", "--summary"})
    void optionsOfAReplayAreRefusedWithoutOne(String option) {
        assertThatThrownBy(() -> read(option, "1"))
                .isInstanceOf(BadInputException.class)
                .hasMessage("option --offline is missing: expected where " + option + " is given");
        assertThatThrownBy(() -> read("--offline"))
                .hasMessage("option -i is missing: expected the capture file for --offline");
    }
}
