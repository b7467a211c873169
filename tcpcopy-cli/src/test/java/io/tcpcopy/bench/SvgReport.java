package io.tcpcopy.bench;

import io.tcpcopy.bench.RowResult.Spread;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The comparison with the peer as a picture, for people: a bar for each program in each row, as long as what a request costs ours in
 * proportion to the peer. It has no background, and its colours can be read on white and on black.
 */
final class SvgReport {

    private static final String GREY = "#787878";

    /** Where columns begin, and lengths, in pixels. */
    private static final int WIDTH = 1000;

    private static final int ROW = 8;
    private static final int PROGRAM = 190;
    private static final int PLOT = 265;
    private static final int PLOT_WIDTH = 340;
    private static final int MICROS = 630;
    private static final int LOST = 790;
    private static final int FIRST_ROW = 70;
    private static final int HEADINGS = FIRST_ROW - 8;
    private static final int LINE = 18;
    private static final int BAR = 12;
    private static final int BETWEEN_ROWS = 12;
    private static final int ROW_HEIGHT = Program.values().length * LINE + BETWEEN_ROWS;
    /** From the top of a line to where its letters stand. */
    private static final int LETTERS = 11;

    private static final double TICK = 0.5;
    private static final double SHORTEST_SCALE = 1.5;
    private static final int MOST_TICKS = 10;

    private final StringBuilder svg = new StringBuilder();
    private final List<Comparison> comparisons;
    private final int height;
    /** The ratio at the right end, a multiple of a tick. */
    private final double scale;

    private final double tick;

    private SvgReport(List<Comparison> comparisons) {
        this.comparisons = comparisons;
        height = FIRST_ROW + comparisons.size() * ROW_HEIGHT;
        double most = comparisons.stream()
                .flatMap(comparison -> Stream.of(Program.values()).map(comparison::ratio))
                .flatMap(Optional::stream)
                .mapToDouble(Spread::most)
                .reduce(SHORTEST_SCALE, Math::max);
        tick = TICK * Math.ceil(most / TICK / MOST_TICKS);
        scale = tick * Math.ceil(most / tick);
    }

    static void write(List<Comparison> comparisons, Path to) throws IOException {
        Files.writeString(to, new SvgReport(comparisons).draw());
    }

    private String draw() {
        add("""
                <svg xmlns="http://www.w3.org/2000/svg" width="%1$d" height="%2$d" viewBox="0 0 %1$d %2$d">
                <g font-family="sans-serif" font-size="13" fill="%3$s" stroke-width="1">
                """, WIDTH, height, GREY);
        text(ROW, 20, "Processor time a request, in proportion to the peer's: below 1.0 it is less here.");
        text(ROW, 38, "Bars are medians, whiskers go from the least to the most of all runs.");
        text(MICROS, HEADINGS, "\u00b5s a request");
        text(LOST, HEADINGS, "lost requests");
        drawScale();
        int top = FIRST_ROW;
        for (Comparison comparison : comparisons) {
            draw(comparison, top);
            top += ROW_HEIGHT;
        }
        drawVertical("equal", 1, 1);
        add("</g>\n</svg>\n");
        return svg.toString();
    }

    private void drawScale() {
        for (int i = 0; i * tick <= scale; i++) {
            double ratio = i * tick;
            add("<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.1f</text>\n", x(ratio), HEADINGS, ratio);
            drawVertical("tick", ratio, 0.3);
        }
    }

    private void drawVertical(String what, double ratio, double opacity) {
        add("""
                <path class="%s" d="M%.1f %d V%d" stroke="%s" stroke-opacity="%.1f"/>
                """, what, x(ratio), FIRST_ROW, height, GREY, opacity);
    }

    private void draw(Comparison comparison, int top) {
        RowResult ours = comparison.ours();
        RowResult peer = comparison.peer();
        text(ROW, top + LETTERS, ours.row().name());
        text(ROW, top + LINE + LETTERS, ours.contender().name());
        text(LOST, top + LETTERS, lost(ours));
        text(LOST, top + LINE + LETTERS, peer.contender().name() + ' ' + lost(peer));
        for (Program program : Program.values()) {
            int line = top + program.ordinal() * LINE;
            text(PROGRAM, line + LETTERS, program.toString());
            text(MICROS, line + LETTERS, micros(ours, program) + ", peer " + micros(peer, program));
            comparison.ratio(program).ifPresent(ratio -> drawBar(ratio, line, colour(program)));
        }
    }

    private void drawBar(Spread ratio, int top, String colour) {
        add("""
                <rect class="bar" x="%d" y="%d" width="%.1f" height="%d" fill="%s" fill-opacity="0.6"/>
                """, PLOT, top, x(ratio.median()) - PLOT, BAR, colour);
        add("""
                <path class="whisker" d="M%1$.1f %3$d v%4$d m0 -%5$d H%2$.1f m0 -%5$d v%4$d" stroke="%6$s" fill="none"/>
                """, x(ratio.least()), x(ratio.most()), top + BAR / 4, BAR / 2, BAR / 4, colour);
    }

    private static String colour(Program program) {
        return switch (program) {
            case TCPCOPY -> "#2f81c9";
            case INTERCEPT -> "#c9711f";
        };
    }

    private static String micros(RowResult result, Program program) {
        return String.format(
                Locale.ROOT,
                "%.1f",
                result.spread(program::cpuMicrosPerRequest).orElseThrow().median());
    }

    private static String lost(RowResult result) {
        return result.spread(run -> run.outcome().lost()).orElseThrow().text("%.0f");
    }

    private double x(double ratio) {
        return PLOT + ratio / scale * PLOT_WIDTH;
    }

    private void text(int x, int y, String text) {
        add(
                "<text x=\"%d\" y=\"%d\">%s</text>\n",
                x, y, text.replace("&", "&amp;").replace("<", "&lt;"));
    }

    private void add(String format, Object... values) {
        svg.append(String.format(Locale.ROOT, format, values));
    }
}
