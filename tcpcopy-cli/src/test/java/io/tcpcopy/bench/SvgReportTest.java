package io.tcpcopy.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

class SvgReportTest {

    private static final Row FIRST = Row.ALL.get(0);
    private static final Row SECOND = Row.ALL.get(1);
    private static final Contender OURS = Contender.ofOurs();
    private static final Contender PEER = Contender.ofPeer("tcpcopy", "intercept");

    @TempDir
    private Path folder;

    @Test
    void hasABarForEachProgramInEachRow() throws Exception {
        Document picture = draw(Stream.of(FIRST, SECOND)
                .flatMap(row -> Comparison.of(List.of(
                                result(row, OURS, run(row, 100, 30, 0)),
                                result(row, Contender.ofOurs("<pcap> & more"), run(row, 120, 40, 0)),
                                result(row, PEER, run(row, 110, 60, 0))))
                        .stream())
                .toList());

        assertThat(ofKind(picture, "rect", "bar")).hasSize(2 * 2 * 2);
        assertThat(ofKind(picture, "path", "whisker")).hasSize(2 * 2 * 2);
        assertThat(texts(picture)).contains(FIRST.name(), SECOND.name(), "<pcap> & more", "tcpcopy", "intercept");
    }

    @Test
    void aBarAsLongAsThePeersEndsAtTheLine() throws Exception {
        Document picture = draw(Comparison.of(
                List.of(result(FIRST, OURS, run(FIRST, 110, 30, 0)), result(FIRST, PEER, run(FIRST, 110, 60, 0)))));

        List<Element> bars = ofKind(picture, "rect", "bar");
        assertThat(ofKind(picture, "path", "equal"))
                .singleElement()
                .extracting(line -> line.getAttribute("d"))
                .asString()
                .startsWith("M" + (number(bars.get(0), "x") + number(bars.get(0), "width")) + " ");
        assertThat(number(bars.get(1), "width")).isCloseTo(number(bars.get(0), "width") * 30 / 60, within(0.1));
    }

    @Test
    void namesWhatARequestCostsAndWhatWasLost() throws Exception {
        Document picture = draw(Comparison.of(List.of(
                result(FIRST, OURS, run(FIRST, 100, 30, 0), run(FIRST, 120, 30, 0), run(FIRST, 140, 50, 0)),
                result(FIRST, PEER, run(FIRST, 110, 60, 7), run(FIRST, 110, 61, 5), run(FIRST, 110, 62, 9)))));

        assertThat(texts(picture)).contains("120.0, peer 110.0", "30.0, peer 61.0", "0", "peer 7 (5 to 9)");
    }

    @Test
    void aRowThatCameToNothingIsNotThere() {
        assertThat(Comparison.of(List.of(result(FIRST, OURS, run(FIRST, 100, 30, 0)), result(FIRST, PEER))))
                .isEmpty();
    }

    @Test
    void whatThePeerCostsTooLittleForHasNoBar() throws Exception {
        Document picture = draw(Comparison.of(
                List.of(result(FIRST, OURS, run(FIRST, 100, 30, 0)), result(FIRST, PEER, run(FIRST, 110, 0, 0)))));

        assertThat(ofKind(picture, "rect", "bar")).hasSize(1);
    }

    private Document draw(List<Comparison> comparisons) throws Exception {
        Path file = folder.resolve("picture.svg");
        SvgReport.write(comparisons, file);
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(file.toFile());
    }

    private static RowResult result(Row row, Contender contender, Measurement... runs) {
        return new RowResult(row, contender, List.of(runs));
    }

    /** A run with a million requests, of these microseconds each. */
    private static Measurement run(Row row, double tcpcopyMicros, double interceptMicros, long lost) {
        return new Measurement(
                row,
                new Traffic.Outcome(1_000_000, lost, 0, ""),
                10,
                new Measurement.Cost(tcpcopyMicros, 0),
                new Measurement.Cost(interceptMicros, 0),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalDouble.empty(),
                0,
                Optional.empty(),
                "-",
                List.of());
    }

    private static double number(Element element, String attribute) {
        return Double.parseDouble(element.getAttribute(attribute));
    }

    private static List<Element> ofKind(Document picture, String name, String kind) {
        return elements(picture, name)
                .filter(element -> element.getAttribute("class").equals(kind))
                .toList();
    }

    private static List<String> texts(Document picture) {
        return elements(picture, "text").map(Element::getTextContent).toList();
    }

    private static Stream<Element> elements(Document picture, String name) {
        NodeList found = picture.getElementsByTagName(name);
        return IntStream.range(0, found.getLength()).mapToObj(i -> (Element) found.item(i));
    }
}
