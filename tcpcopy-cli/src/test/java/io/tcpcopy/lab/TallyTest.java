package io.tcpcopy.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class TallyTest {

    private static final String DIGEST = "ab";

    private static List<RequestRecord> requests(String... paths) {
        return Stream.of(paths)
                .map(path -> new RequestRecord("10.1.1.1:1024", "GET", "/r/test/" + path, 0, DIGEST))
                .toList();
    }

    @Test
    void isExactWhenEachRequestArrivesOnce() {
        Tally tally = Tally.of(requests("k0/0", "k1/0", "k0/1"), requests("k1/0", "k0/0", "k0/1"));

        assertThat(tally.isExact()).isTrue();
        assertThat(tally).hasToString("3 sent, 3 arrived, 0 lost, 0 doubled, 0 altered, 0 out of order, 0 never sent");
    }

    @Test
    void namesWhatIsLostDoubledAndUnknown() {
        Tally tally = Tally.of(requests("k0/0", "k0/1"), requests("k0/1", "k0/1", "k0/2"));

        assertThat(tally.lost()).containsExactly("/r/test/k0/0");
        assertThat(tally.doubled()).containsExactly("/r/test/k0/1");
        assertThat(tally.unknown()).containsExactly("/r/test/k0/2");
        assertThat(tally.isExact()).isFalse();
    }

    @Test
    void noticesRequestsOutOfOrderWithinTheirConnection() {
        Tally tally = Tally.of(requests("k0/0", "k0/1", "k1/0"), requests("k1/0", "k0/1", "k0/0"));

        assertThat(tally.disordered()).containsExactly("/r/test/k0/0");
    }

    @Test
    void noticesAlteredBodiesAsFarAsTheServerTells() {
        RequestRecord sent = new RequestRecord("10.1.1.1:1024", "POST", "/r/test/k0/0", 5, DIGEST);

        assertThat(Tally.of(List.of(sent), List.of(RequestRecord.parse("10.1.1.1:1024 POST /r/test/k0/0 5 ac")))
                        .altered())
                .containsExactly("/r/test/k0/0");
        assertThat(Tally.of(List.of(sent), List.of(RequestRecord.parse("10.1.1.1:1024 POST /r/test/k0/0 4 -")))
                        .altered())
                .containsExactly("/r/test/k0/0");
        assertThat(Tally.of(List.of(sent), List.of(RequestRecord.parse("10.1.1.1:1024 POST /r/test/k0/0 5 -")))
                        .isExact())
                .isTrue();
    }

    @Test
    void overlooksOnlyWhatCameBeforeTheFirstArrival() {
        List<RequestRecord> sent = requests("k0/0", "k0/1", "k0/2", "k0/3");

        assertThat(Tally.fromFirstArrivalOn(sent, requests("k0/1", "k0/2", "k0/3"))
                        .isExact())
                .isTrue();
        assertThat(Tally.fromFirstArrivalOn(sent, requests("k0/1", "k0/3")).lost())
                .containsExactly("/r/test/k0/2");
    }

    @Test
    void aConnectionOfWhichNothingArrivedIsLost() {
        assertThat(Tally.fromFirstArrivalOn(requests("k0/0", "k1/0", "k1/1"), requests("k0/0"))
                        .lost())
                .containsExactly("/r/test/k1/0", "/r/test/k1/1");
    }

    @Test
    void countsEachCopyWhereThereAreToBeSeveral() {
        List<RequestRecord> sent = requests("k0/0", "k1/0", "k2/0");
        Tally tally = Tally.ofCopies(2, sent, requests("k0/0", "k1/0", "k0/0", "k0/0", "k1/0"));

        assertThat(tally.lost()).containsExactly("/r/test/k2/0", "/r/test/k2/0");
        assertThat(tally.doubled()).containsExactly("/r/test/k0/0");
    }
}
