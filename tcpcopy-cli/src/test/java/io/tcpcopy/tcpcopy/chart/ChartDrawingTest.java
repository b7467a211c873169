package io.tcpcopy.tcpcopy.chart;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ChartDrawingTest {
    private static final double UNKNOWN = Double.NaN;
    private static final double[] SECONDS = {0, 1, 2, 3, 4};

    private static ChartDrawing drawing(double... seconds) {
        return new ChartDrawing("Requests", "a second", Figures::rate, seconds);
    }

    @Test
    void aLineGoesFromTheLeftToTheRightAndTheHighestNumberIsBelowTheTop() {
        Chart chart = drawing(SECONDS)
                .line("sent", "sent", new double[] {0, 10, 20, 30, 35}, "19 on average")
                .draw();

        assertThat(chart.levels()).containsExactly("40", "20", "0");
        assertThat(chart.lines().get(0).path()).isEqualTo("M0.0 100.0L250.0 75.0L500.0 50.0L750.0 25.0L1000.0 12.5");
        assertThat(chart.lines().get(0).area()).isEmpty();
        assertThat(chart.words()).isEqualTo("Requests, a second: sent 19 on average");
    }

    @Test
    void aLineBreaksWhereNothingIsKnown() {
        Chart.Line line = drawing(SECONDS)
                .area("captured", "captured", new double[] {UNKNOWN, 1, UNKNOWN, 1, 1}, "")
                .draw()
                .lines()
                .get(0);

        assertThat(line.path()).isEqualTo("M250.0 0.0M750.0 0.0L1000.0 0.0");
        assertThat(line.area())
                .isEqualTo("M250.0 0.0L250.0 100.0L250.0 100.0ZM750.0 0.0L1000.0 0.0L1000.0 100.0L750.0 100.0Z");
    }

    @Test
    void barsStandInTheirIntervalAndTheLeastIsSeen() {
        Chart.Line line = drawing(SECONDS)
                .line("lost", ChartDrawing.BARS, new double[] {UNKNOWN, 0, 1000, 0, 1}, "")
                .draw()
                .lines()
                .get(0);

        assertThat(line.bars()).isTrue();
        assertThat(line.path()).isEqualTo("M250.0 100V0.0H500.0V100ZM750.0 100V98.0H1000.0V100Z");
    }

    @Test
    void momentsBelowAreRoundAndFewHoweverLongItTook() {
        assertThat(drawing(0, 4).draw().moments())
                .extracting(Chart.Moment::text)
                .containsExactly("0 s", "1 s", "2 s", "3 s", "4 s");
        assertThat(drawing(0, 0.25).draw().moments())
                .containsExactly(
                        new Chart.Moment("0 s", "0.0", false),
                        new Chart.Moment("0.1 s", "40.0", false),
                        new Chart.Moment("0.2 s", "80.0", false));
        assertThat(drawing(0, 6000).draw().moments())
                .extracting(Chart.Moment::text)
                .containsExactly("0 s", "20 min", "40 min", "60 min", "80 min", "100 min");
        assertThat(drawing(0, 4.1).draw().moments())
                .filteredOn(Chart.Moment::atEnd)
                .containsExactly(new Chart.Moment("4 s", "97.6", true));
        assertThat(drawing(0, 40 * 86_400).draw().moments()).hasSizeBetween(4, 8);
    }

    @Test
    void whereThereIsNothingTheAxisIsThere() {
        ChartDrawing nothing = drawing(0, 1).line("lost", ChartDrawing.BARS, new double[] {UNKNOWN, 0}, "0 in all");

        assertThat(nothing.draw().levels()).containsExactly("1", "0.5", "0");
        assertThat(nothing.draw().lines().get(0).path()).isEmpty();
    }
}
