package io.tcpcopy.tcpcopy.chart;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Draws a chart, line by line. A value that is not a number is one that is not known: lines break there. */
public final class ChartDrawing {
    /** The style of a line that is drawn as bars, one for each interval. */
    public static final String BARS = "bar";

    static final int WIDTH = 1000;
    static final int HEIGHT = 100;

    /** Steps of an axis of time, in seconds: each a number of the unit that it is written in. */
    private static final double[] STEPS = {
        0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800, 86400
    };

    private static final int MOST_MOMENTS = 6;
    /** A bar that stands for something is seen. */
    private static final double LEAST_BAR = 2;

    private static final double PERCENT = 100;
    /** Half of the longest text is shorter than the rest. */
    private static final double NEAR_END = 0.92;

    private static final double[] ROUND = {1, 2, 4, 6, 8, 10};

    private final String title;
    private final String unit;
    private final DoubleFunction<String> format;
    private final double[] seconds;
    private final List<Series> all = new ArrayList<>();

    private record Series(String name, String style, boolean filled, double[] values, String figure) {}

    /**
     * An empty chart.
     *
     * @param unit what its numbers are
     * @param format writes one of them
     * @param seconds when its moments were, in seconds since the start: two at least
     */
    public ChartDrawing(String title, String unit, DoubleFunction<String> format, double[] seconds) {
        this.title = title;
        this.unit = unit;
        this.format = format;
        this.seconds = seconds.clone();
    }

    /**
     * Adds a line.
     *
     * @param values one for each moment
     * @param figure what it is on the whole
     */
    public ChartDrawing line(String name, String style, double[] values, String figure) {
        all.add(new Series(name, style, false, values.clone(), figure));
        return this;
    }

    /** Adds a line below which all is filled. */
    public ChartDrawing area(String name, String style, double[] values, String figure) {
        all.add(new Series(name, style, true, values.clone(), figure));
        return this;
    }

    /** The chart. */
    public Chart draw() {
        double highest = all.stream()
                .flatMapToDouble(series -> Arrays.stream(series.values()))
                .filter(value -> !Double.isNaN(value))
                .max()
                .orElse(0);
        double top = roundTop(highest);
        String figures = all.stream()
                .map(series -> series.name() + " " + series.figure())
                .collect(Collectors.joining(", "));
        return new Chart(
                title,
                unit,
                title + ", " + unit + ": " + figures,
                Stream.of(top, top / 2, 0.0).map(format::apply).toList(),
                moments(),
                all.stream().map(series -> line(series, top)).toList());
    }

    /** The next number that is easy to read and to halve. */
    private static double roundTop(double highest) {
        if (highest <= 0) {
            return 1;
        }
        double power = Math.pow(10, Math.floor(Math.log10(highest)));
        return Arrays.stream(ROUND)
                        .filter(digit -> digit * power >= highest)
                        .findFirst()
                        .orElse(10)
                * power;
    }

    private List<Chart.Moment> moments() {
        double end = end();
        double step = Arrays.stream(STEPS)
                .filter(candidate -> end / candidate <= MOST_MOMENTS)
                .findFirst()
                .orElse(STEPS[STEPS.length - 1] * Math.ceil(end / STEPS[STEPS.length - 1] / MOST_MOMENTS));
        List<Chart.Moment> moments = new ArrayList<>();
        for (int i = 0; i * step <= end; i++) {
            double share = i * step / end;
            moments.add(new Chart.Moment(Figures.duration(i * step), number(PERCENT * share), share > NEAR_END));
        }
        return moments;
    }

    private double end() {
        return seconds[seconds.length - 1];
    }

    private Chart.Line line(Series series, double top) {
        if (series.style().equals(BARS)) {
            return new Chart.Line(series.name(), BARS, bars(series.values(), top), "", series.figure());
        }
        StringBuilder path = new StringBuilder();
        StringBuilder area = new StringBuilder();
        int first = -1;
        for (int i = 0; i < seconds.length; i++) {
            if (Double.isNaN(series.values()[i])) {
                first = -1;
                continue;
            }
            boolean begins = first < 0;
            first = begins ? i : first;
            path.append(begins ? 'M' : 'L').append(point(i, series.values()[i], top));
            if (series.filled() && (i + 1 == seconds.length || Double.isNaN(series.values()[i + 1]))) {
                area.append(path.substring(path.lastIndexOf("M")))
                        .append("L" + point(i, 0, top) + "L" + point(first, 0, top) + "Z");
            }
        }
        return new Chart.Line(series.name(), series.style(), path.toString(), area.toString(), series.figure());
    }

    private String bars(double[] values, double top) {
        StringBuilder path = new StringBuilder();
        for (int i = 1; i < seconds.length; i++) {
            if (values[i] > 0) {
                double right = Math.max(x(i), x(i - 1) + LEAST_BAR);
                double height = Math.max(LEAST_BAR, HEIGHT - y(values[i], top));
                path.append("M" + number(x(i - 1)) + " " + HEIGHT + "V" + number(HEIGHT - height) + "H" + number(right)
                        + "V" + HEIGHT + "Z");
            }
        }
        return path.toString();
    }

    private String point(int moment, double value, double top) {
        return number(x(moment)) + " " + number(y(value, top));
    }

    private double x(int moment) {
        return WIDTH * seconds[moment] / end();
    }

    private static double y(double value, double top) {
        return HEIGHT * (1 - value / top);
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
