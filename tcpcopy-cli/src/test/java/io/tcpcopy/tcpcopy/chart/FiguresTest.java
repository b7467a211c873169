package io.tcpcopy.tcpcopy.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FiguresTest {
    @Test
    void wholeNumbersHaveTheirThousandsApart() {
        assertThat(Figures.count(0)).isEqualTo("0");
        assertThat(Figures.count(1_234_567)).isEqualTo("1,234,567");
        assertThat(Figures.count(1, "request")).isEqualTo("1 request");
        assertThat(Figures.count(0, "request")).isEqualTo("0 requests");
    }

    @Test
    void smallRatesHaveADigitMore() {
        assertThat(Figures.rate(0)).isEqualTo("0");
        assertThat(Figures.rate(0.25)).isEqualTo("0.3");
        assertThat(Figures.rate(9)).isEqualTo("9");
        assertThat(Figures.rate(12_345.6)).isEqualTo("12,346");
    }

    @Test
    void bytesHaveTheUnitThatSuitsThem() {
        assertThat(Figures.bytes(999)).isEqualTo("999 B");
        assertThat(Figures.bytes(1_540)).isEqualTo("1.5 kB");
        assertThat(Figures.bytes(267_390)).isEqualTo("267 kB");
        assertThat(Figures.bytes(2e15)).isEqualTo("2,000 TB");
    }

    @Test
    void shortTimesHaveTheUnitThatSuitsThem() {
        assertThat(Figures.seconds(0)).isEqualTo("0 ms");
        assertThat(Figures.seconds(0.000_25)).isEqualTo("250 \u00b5s");
        assertThat(Figures.seconds(0.001_26)).isEqualTo("1.3 ms");
        assertThat(Figures.seconds(0.42)).isEqualTo("420 ms");
        assertThat(Figures.seconds(1.5)).isEqualTo("1.5 s");
    }

    @Test
    void durationsHaveTwoUnitsAtMost() {
        assertThat(Figures.duration(0.2)).isEqualTo("0.2 s");
        assertThat(Figures.duration(90)).isEqualTo("90 s");
        assertThat(Figures.duration(320)).isEqualTo("5 min 20 s");
        assertThat(Figures.duration(600)).isEqualTo("10 min");
        assertThat(Figures.duration(3 * 3600 + 5 * 60 + 7)).isEqualTo("3 h 5 min");
    }

    @Test
    void aSmallShareIsNotZero() {
        assertThat(Figures.percent(0)).isEqualTo("0 %");
        assertThat(Figures.percent(0.000_1)).isEqualTo("under 0.1 %");
        assertThat(Figures.percent(0.4567)).isEqualTo("45.7 %");
        assertThat(Figures.percent(1)).isEqualTo("100 %");
    }
}
