package io.tcpcopy.diagnosis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.diagnosis.Symptom.State;
import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.MetricSnapshot;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class SymptomWatchTest {
    private static final Metric CATS = new Number("cats");
    private static final Metric DOGS = new Number("dogs");

    private record Number(String name) implements Metric {
        @Override
        public Description description() {
            return new Description(name, "Some.");
        }
    }

    private State state;
    private long cats;
    private long dogs;
    private final List<String> warnings = new ArrayList<>();
    private final List<String> allClears = new ArrayList<>();
    private final Symptom symptom =
            Symptom.of(Code.GAPS, lately -> state, lately -> lately.get(CATS) + " cats", "feed them");
    private final SymptomWatch watch = watch(symptom);
    private long nowNs = Long.MAX_VALUE - TimeUnit.SECONDS.toNanos(7);

    private SymptomWatch watch(Symptom... symptoms) {
        return new SymptomWatch(
                List.of(symptoms),
                new MetricSnapshot().put(CATS, 0).put(DOGS, 0),
                finding -> warnings.add(finding.text()),
                finding -> allClears.add(finding.text()));
    }

    private void look(SymptomWatch watched) {
        nowNs += SymptomWatch.INTERVAL_NS;
        watched.look(new MetricSnapshot().put(CATS, cats).put(DOGS, dogs), nowNs);
    }

    /** Looks until so many seconds have passed. */
    private void pass(int seconds, State now) {
        state = now;
        for (int i = 0; i < seconds / 2; i++) {
            look(watch);
        }
    }

    @Test
    void whatIsBrokenForTenSecondsIsTold() {
        pass(10, State.BROKEN);
        assertThat(warnings).isEmpty();

        pass(2, State.BROKEN);
        assertThat(warnings).containsExactly("TC608: 0 cats: feed them");
        assertThat(watch.findings()).extracting(Finding::code).containsExactly(Code.GAPS);
    }

    @Test
    void whatWorksInBetweenIsNotTold() {
        pass(10, State.BROKEN);
        pass(2, State.WORKS);
        pass(10, State.BROKEN);

        assertThat(warnings).isEmpty();
        assertThat(allClears).isEmpty();
        assertThat(watch.findings()).isEmpty();
    }

    @Test
    void whatGoesOnIsToldOnceAMinute() {
        pass(2 + 10 + 58, State.BROKEN);
        assertThat(warnings).hasSize(1);

        pass(2, State.BROKEN);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void whatWorksAgainIsToldOnce() {
        pass(12, State.BROKEN);
        pass(4, State.WORKS);

        assertThat(allClears).containsExactly("TC608: it is over that the capture has gaps");
        assertThat(watch.findings()).isEmpty();
    }

    @Test
    void whatWasToldBeforeTheFirstLookIsOverAtOnceAndToldAgainAfterAMinute() {
        Finding before = Finding.error(Code.GAPS, "gaps", "mend them");
        SymptomWatch mended = watch(symptom.toldBefore(before));
        assertThat(mended.findings()).containsExactly(before);
        state = State.WORKS;
        mended.look(new MetricSnapshot(), nowNs);
        assertThat(allClears).hasSize(1);
        assertThat(mended.findings()).isEmpty();

        SymptomWatch lasting = watch(symptom.toldBefore(before));
        state = State.BROKEN;
        lasting.look(new MetricSnapshot(), nowNs);
        lasting.look(new MetricSnapshot(), nowNs + TimeUnit.SECONDS.toNanos(59));
        assertThat(warnings).isEmpty();
        lasting.look(new MetricSnapshot(), nowNs + TimeUnit.SECONDS.toNanos(60));
        assertThat(warnings).hasSize(1);
    }

    @Test
    void whatIsBrokenAgainIsToldAfterTenSecondsAgain() {
        pass(12, State.BROKEN);
        pass(2, State.WORKS);
        pass(10, State.BROKEN);
        assertThat(warnings).hasSize(1);

        pass(2, State.BROKEN);
        assertThat(warnings).hasSize(2);
    }

    @Test
    void whatNothingContradictsIsToldAndNotRepeated() {
        pass(2, State.BROKEN);
        pass(10, State.UNKNOWN);
        assertThat(warnings).hasSize(1);

        pass(120, State.UNKNOWN);
        assertThat(warnings).hasSize(1);
        assertThat(allClears).isEmpty();
    }

    @Test
    void nothingIsToldBeforeAnythingIsKnown() {
        pass(120, State.UNKNOWN);

        assertThat(warnings).isEmpty();
    }

    @Test
    void whatIsMaskedIsNeitherToldNorOver() {
        pass(10, State.BROKEN);
        pass(2, State.MASKED);
        pass(10, State.BROKEN);
        assertThat(warnings).isEmpty();

        pass(2, State.BROKEN);
        pass(120, State.MASKED);
        assertThat(warnings).hasSize(1);
        assertThat(allClears).isEmpty();
        assertThat(watch.findings()).hasSize(1);
    }

    @Test
    void numbersAreThoseSinceItBegan() {
        cats = 100;
        pass(2, State.WORKS);
        for (int i = 0; i < 6; i++) {
            cats += 7;
            pass(2, State.BROKEN);
        }

        assertThat(warnings).containsExactly("TC608: 42 cats: feed them");
    }

    @Test
    void shareIsThatOfTheLastTenSeconds() {
        SymptomWatch shares = watch(Symptom.ofShare(
                Code.GAPS,
                lately -> lately.get(CATS),
                lately -> lately.get(DOGS),
                0.1,
                lately -> lately.get(CATS) + " of " + (lately.get(CATS) + lately.get(DOGS)),
                "feed them"));

        // One in ten, but not in each look.
        for (int i = 0; i < 8; i++) {
            cats += i % 5 == 0 ? 1 : 0;
            dogs += 3;
            look(shares);
        }
        assertThat(warnings).isEmpty();

        for (int i = 0; i < 8; i++) {
            cats += i % 2 == 0 ? 1 : 0;
            dogs += 3;
            look(shares);
        }
        assertThat(warnings).hasSize(1);

        dogs += 100;
        look(shares);
        assertThat(allClears).hasSize(1);
    }

    @Test
    void shareOfNothingTellsNothing() {
        Symptom share = Symptom.ofShare(
                Code.GAPS, lately -> lately.get(CATS), lately -> lately.get(DOGS), 0.1, lately -> "", "");

        assertThat(share.state().apply(new MetricSnapshot())).isEqualTo(State.UNKNOWN);
        assertThat(share.state().apply(new MetricSnapshot().put(DOGS, 1))).isEqualTo(State.WORKS);
        assertThat(share.state().apply(new MetricSnapshot().put(CATS, 1))).isEqualTo(State.BROKEN);
        assertThat(share.unless(lately -> true).state().apply(new MetricSnapshot()))
                .isEqualTo(State.MASKED);
        assertThat(share.unless(lately -> false).state().apply(new MetricSnapshot()))
                .isEqualTo(State.UNKNOWN);
    }

    @Test
    void placeIsASymptomWhileAnythingIsLostThere() {
        Symptom loss = Symptom.of(new Place(
                Code.GAPS,
                "the place",
                "cats lost",
                "feed them",
                lately -> lately.get(CATS),
                lately -> lately.get(CATS) + lately.get(DOGS)));

        assertThat(loss.state().apply(new MetricSnapshot())).isEqualTo(State.UNKNOWN);
        assertThat(loss.state().apply(new MetricSnapshot().put(DOGS, 9))).isEqualTo(State.WORKS);
        MetricSnapshot lost = new MetricSnapshot().put(CATS, 1).put(DOGS, 9);
        assertThat(loss.state().apply(lost)).isEqualTo(State.BROKEN);
        assertThat(loss.finding().apply(lost).text()).isEqualTo("TC608: 1 cats lost: feed them");
    }

    @Test
    void symptomIsJudgedOverLooksThatThereAre() {
        assertThatThrownBy(() -> new Symptom(SymptomWatch.MAX_LOOKS + 1, symptom.state(), symptom.finding()))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
