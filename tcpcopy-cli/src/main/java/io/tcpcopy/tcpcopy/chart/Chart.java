package io.tcpcopy.tcpcopy.chart;

import java.util.List;

/**
 * A chart as a page shows it. Paths are in the language of SVG, in a field {@link ChartDrawing#WIDTH} wide and {@link
 * ChartDrawing#HEIGHT} high that is stretched as wanted; words stand beside it.
 *
 * @param title what it shows
 * @param unit in what
 * @param words all of it for whoever does not see it
 * @param levels at the left, from the highest down to 0, as far apart
 * @param moments below it
 * @param lines from the back to the front
 */
public record Chart(
        String title, String unit, String words, List<String> levels, List<Moment> moments, List<Line> lines) {

    /**
     * A moment on the axis of time.
     *
     * @param text how long after the start
     * @param left how far to the right it is, in percent of the width
     * @param atEnd whether its text would not have room on both sides of it
     */
    public record Moment(String text, String left, boolean atEnd) {}

    /**
     * A line of the chart.
     *
     * @param name what it shows
     * @param style how it is drawn, as a class of the page's style sheet
     * @param path the line, or the bars
     * @param area what lies below it; empty where that is not filled
     * @param figure what it is on the whole, for the legend
     */
    public record Line(String name, String style, String path, String area, String figure) {
        /** Whether it is one of bars. */
        public boolean bars() {
            return style.equals(ChartDrawing.BARS);
        }
    }
}
