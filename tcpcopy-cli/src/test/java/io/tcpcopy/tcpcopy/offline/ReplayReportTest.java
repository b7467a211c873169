package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.observe.StatusServer;
import io.tcpcopy.packet.OtherTraffic;
import io.tcpcopy.tcpcopy.chart.Chart;
import io.tcpcopy.tcpcopy.chart.ChartDrawing;
import io.tcpcopy.tcpcopy.chart.Figures;
import io.tcpcopy.tcpcopy.report.Account;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.xml.sax.InputSource;

class ReplayReportTest {
    private static final Chart CHART = new ChartDrawing("Requests", "a second", Figures::rate, new double[] {0, 1})
            .area("captured", "captured", new double[] {10, 20}, "15 on average")
            .line("lost", ChartDrawing.BARS, new double[] {0, 20}, "20 in all")
            .draw();

    private static final Pattern COLOUR = Pattern.compile("--([a-z]+): (#[0-9a-f]{6})");

    @TempDir
    private Path folder;

    private final SummaryBuilder all = new SummaryBuilder();

    private String page(Chart... charts) throws IOException {
        Path file = folder.resolve("report.html");
        new ReplayReport(all.build(), List.of(charts)).write(file);
        return Files.readString(file);
    }

    /** Its text without markup, white space of any length as one blank. */
    private String text(Chart... charts) throws IOException {
        return page(charts)
                .replaceAll("(?s)<style>.*</style>", "")
                .replaceAll("<[^>]*>", " ")
                .replaceAll("\\s+", " ");
    }

    @Test
    void aGoodReplayIsSaidInOneLineWithItsSum() throws Exception {
        assertThat(page()).contains("<h1>Everything was delivered</h1>", "<header id=\"band\" class=\"yes\">");
        assertThat(text())
                .contains("requests captured 30", "delivered 28", "lost 2")
                .contains("tcpcopy replay of some.pcap 80-10.0.0.2:8080 2026-11-27")
                .contains("Speed as captured Replayed 2 times")
                .contains("Duration 2.5 s Packets 100, 40 a second")
                .contains("Exit status 0: all was replayed, and nothing lost")
                .contains("connections 3 2 1 requests 30 28 2 bytes 3 kB 2.8 kB 200 B")
                .doesNotContain("What was lost", "What to do", "Left out");
    }

    @Test
    void whatWasLostHasItsReasonInWordsAndItsRemedyWithTheCode() throws Exception {
        all.lost("refused", "the target refused the connection", Map.of("bytes", 200L, "requests", 2L))
                .worst(Finding.warning(Code.TARGET_REFUSES, "7 % of payload (200)", "start the service"));

        assertThat(page()).contains("<h1>2 requests (6.7 %) lost</h1>", "class=\"no\"");
        assertThat(text())
                .contains("What was lost, and why refused the target refused the connection 2 requests, 200 B")
                .contains("What to do TC303 The target refuses connections 7 % of payload (200) start the service")
                .contains("Exit status 3: it came to its end, but something was lost");
    }

    @Test
    void whatIsToldOfConnectionsThatEndEarlyIsToldOnce() throws Exception {
        all.lost("closed by target", "the target closed again and again", Map.of("bytes", 1L))
                .worst(Finding.warning(Code.TARGET_ENDS_EARLY, "12 % of connections (9)", "see its log"))
                .earlyEnds(Finding.warning(Code.TARGET_ENDS_EARLY, "it has ended 9 connections", "see its log"));

        assertThat(text()).containsOnlyOnce("see its log").contains("it has ended 9 connections");
    }

    @Test
    void whatCannotBeReadAndWhatIsLeftOutIsThere() throws Exception {
        all.damage("it ends in the middle of a record").leftOut(OtherTraffic.IPV6, 900);

        assertThat(text())
                .contains("what cannot be read it ends in the middle of a record the rest of the file")
                .contains("Left out of the file no loss by itself IPv6 900 packets: not copied");
    }

    @Test
    void howItWasReplayedIsSaid() throws Exception {
        all.speed(10, 1_000_000_000).interrupted();

        assertThat(text())
                .contains("Speed up to 10 times as captured, pauses of more than 1 s skipped")
                .contains("Replayed 45.7 % of what was to be replayed 2 times")
                .contains("Exit status 0: it was stopped");
    }

    @Test
    void datagramsHaveNoRequests() throws Exception {
        all.datagrams(new Account(5, 5, 0));

        assertThat(text())
                .contains("datagrams captured 5", "sent 5", "captured sent lost datagrams 5 5 0")
                .doesNotContain("acknowledged");
    }

    @Test
    void chartsHaveTheirNumbersInWordsAsWell() throws Exception {
        assertThat(page(CHART))
                .contains("aria-label=\"Requests, a second: captured 15 on average, lost 20 in all\"")
                .contains("<path class=\"stroke captured\" d=\"M0.0 50.0L1000.0 0.0\"/>")
                .contains("<path class=\"bar\" d=\"M0.0 100V0.0H1000.0V100Z\"/>")
                .contains("<li class=\"end\" style=\"left:100.0%\">1 s</li>");
        assertThat(text(CHART)).contains("Requests a second 20 10 0 0 s");
        assertThat(text()).contains("The replay was over at once.");
    }

    @Test
    void theNameOfAFileIsNeverMarkup() throws Exception {
        String name = "<script>\"x\" & 'y' {{transfers}}<img src=q>.pcap";
        all.file("/tmp/" + name).damage("<b>half</b>");

        assertThat(page())
                .doesNotContain("<script", "<img", "<b>half")
                .contains("&lt;script&gt;&quot;x&quot; &amp; &#39;y&#39; {{transfers}}&lt;img");
    }

    @Test
    void thePageNeedsNothingElseAndIsWellFormed() throws Exception {
        all.lost("gap", "of gaps", Map.of("bytes", 1L))
                .leftOut(OtherTraffic.ARP, 3)
                .worst(Finding.warning(Code.GAPS, "seen", "remedy"));
        String page = page(CHART);

        assertThat(page).doesNotContain("http://", "https://", "<script", "@import", "url(");
        assertThat(page).contains("default-src 'none'");
        // But for elements that have no end in HTML, it is XML as well: what is opened is closed.
        String body = page.substring(page.indexOf("<body>"), page.indexOf("</html>"));
        assertThat(DocumentBuilderFactory.newInstance()
                        .newDocumentBuilder()
                        .parse(new InputSource(new StringReader(body)))
                        .getElementsByTagName("figure")
                        .getLength())
                .isOne();
    }

    @Test
    void itsColoursAreThoseOfTheStatusPage() throws Exception {
        try (InputStream status = StatusServer.class.getResourceAsStream("status.html")) {
            List<String> known = colours(new String(status.readAllBytes(), StandardCharsets.UTF_8));
            assertThat(colours(page())).hasSizeGreaterThan(20).isSubsetOf(known);
        }
    }

    private static List<String> colours(String page) {
        return COLOUR.matcher(page).results().map(MatchResult::group).toList();
    }
}
