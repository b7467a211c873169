package io.tcpcopy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.MetricSnapshot;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DiagnosisTest {
    /** A number that only this test keeps. */
    private record Lost(String what) implements Metric {
        @Override
        public Description description() {
            return new Description("lost_total", "What is lost.", "what", what);
        }
    }

    private static final Place FIRST = place("the first", "cats", List.of());
    private static final Place SECOND = place("the second", "dogs", List.of(FIRST));
    private static final Place THIRD = place("the third", "birds", List.of());

    private final Diagnosis diagnosis = new Diagnosis(List.of(FIRST, SECOND, THIRD));

    /** Of 100 that come there in all. */
    private static Place place(String name, String what, List<Place> causes) {
        return new Place(
                Code.GAPS,
                name,
                what,
                "feed the " + what,
                snapshot -> snapshot.get(new Lost(what)),
                snapshot -> 100,
                causes,
                1);
    }

    private static MetricSnapshot lost(long first, long second, long third) {
        return new MetricSnapshot()
                .put(new Lost("cats"), first)
                .put(new Lost("dogs"), second)
                .put(new Lost("birds"), third);
    }

    private Optional<String> said(MetricSnapshot snapshot) {
        return diagnosis.of(snapshot).map(Finding::text);
    }

    @Test
    void nothingIsSaidWhereNothingIsLost() {
        assertThat(said(lost(0, 0, 0))).isEmpty();
    }

    @Test
    void worstPlaceComesFirstWithWhatToDoAndTheOthersBehind() {
        assertThat(said(lost(7, 0, 50)))
                .contains("TC608: most is lost at the third: 50 % of birds (50): feed the birds; less: 7 % of cats");
    }

    @Test
    void eachPlaceIsAFindingOfItsOwnTheWorstFirst() {
        assertThat(Diagnosis.ofEach(List.of(FIRST, SECOND, THIRD), lost(7, 0, 50)))
                .extracting(Finding::text)
                .containsExactly("TC608: 50 % of birds (50): feed the birds", "TC608: 7 % of cats (7): feed the cats");
    }

    @Test
    void onlyWhatWasLostSinceTheLastTimeCounts() {
        diagnosis.of(lost(7, 0, 50));

        assertThat(said(lost(9, 0, 50))).contains("TC608: most is lost at the first: 2 % of cats (2): feed the cats");
        assertThat(said(lost(9, 0, 50))).isEmpty();
    }

    @Test
    void whatFollowsFromACauseIsNotTakenForTheTrouble() {
        assertThat(said(lost(60, 70, 0)))
                .contains("TC608: most is lost at the first: 60 % of cats (60): feed the cats; less: 10 % of dogs");
    }

    @Test
    void smallCauseIsNoExcuse() {
        assertThat(said(lost(1, 100, 0)))
                .contains("TC608: most is lost at the second: 99 % of dogs (100): feed the dogs; less: 1 % of cats");
    }

    @Test
    void ofPlacesWithTheSameShareTheEarlierOneComesFirst() {
        assertThat(said(lost(5, 0, 5))).get().asString().startsWith("TC608: most is lost at the first");
    }

    @Test
    void littleIsNotRoundedToNothing() {
        Lost mice = new Lost("mice");
        Place rare = new Place(
                Code.GAPS, "the rare", "mice", "get a cat", snapshot -> snapshot.get(mice), snapshot -> 1_000_000);

        assertThat(new Diagnosis(List.of(rare))
                        .of(new MetricSnapshot().put(mice, 1))
                        .map(Finding::text))
                .contains("TC608: most is lost at the rare: under 1 % of mice (1): get a cat");
    }

    @Test
    void moreThanAllIsAll() {
        assertThat(said(lost(0, 0, 250)))
                .contains("TC608: most is lost at the third: 100 % of birds (250): feed the birds");
    }
}
