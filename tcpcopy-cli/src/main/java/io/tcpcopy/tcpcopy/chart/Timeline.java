package io.tcpcopy.tcpcopy.chart;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.metrics.Durations;
import io.tcpcopy.metrics.Histogram;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What counters stood at, and what histograms had recorded, over time. Its memory is bounded, however long that is: when it is full,
 * every second moment is forgotten, and from then on moments are noted half as often. Since it keeps what counters stood at and not
 * how far they went, nothing is lost by that but how fine it is.
 */
public final class Timeline {
    /** A chart is not much wider in pixels. */
    static final int CAPACITY = 300;
    /** Fine enough for a replay of a few seconds. */
    private static final long FIRST_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

    private final EventLoop loop;
    private final Reader reader;
    private final LoopTimer timer;
    private final List<Histogram> histograms;
    /** What counters stood at, by moment and counter. */
    private final long[][] values;
    /** What was recorded, by moment and histogram. */
    private final Durations[][] durations;

    private final long[] timesNs = new long[CAPACITY];
    private long intervalNs = FIRST_INTERVAL_NS;
    private long startNs;
    private int size;

    /** Gives numbers. */
    @FunctionalInterface
    public interface Reader {
        /** Notes what each counter stands at now. */
        void read(long[] values);
    }

    /**
     * Notes nothing before {@link #start}.
     *
     * @param counters how many there are
     */
    public Timeline(EventLoop loop, int counters, Reader reader, List<Histogram> histograms) {
        this.loop = loop;
        this.reader = reader;
        this.histograms = List.copyOf(histograms);
        timer = loop.timer(this::tick);
        values = new long[CAPACITY][counters];
        durations = new Durations[CAPACITY][histograms.size()];
    }

    /** The first moment is now. */
    public void start() {
        startNs = loop.nowNs();
        tick();
    }

    private void tick() {
        note();
        timer.schedule(intervalNs);
    }

    private void note() {
        if (size == CAPACITY) {
            forgetEverySecond();
        }
        reader.read(values[size]);
        Arrays.setAll(durations[size], histogram -> histograms.get(histogram).durations());
        timesNs[size] = loop.nowNs() - startNs;
        size++;
    }

    private void forgetEverySecond() {
        size /= 2;
        for (int moment = 1; moment < size; moment++) {
            System.arraycopy(values[2 * moment], 0, values[moment], 0, values[moment].length);
            System.arraycopy(durations[2 * moment], 0, durations[moment], 0, durations[moment].length);
            timesNs[moment] = timesNs[2 * moment];
        }
        intervalNs *= 2;
    }

    /** The last moment is now. One that was hardly before goes: much may come at the end, in no time. */
    public void stop() {
        timer.cancel();
        boolean isNear = size > 1 && loop.nowNs() - startNs - timesNs[size - 1] < intervalNs / 2
                || size == 1 && timesNs[0] == loop.nowNs() - startNs;
        size -= isNear ? 1 : 0;
        note();
    }

    /** How many moments there are. */
    public int size() {
        return size;
    }

    /** When a moment was, in seconds since the start. */
    public double seconds(int moment) {
        return timesNs[moment] / SECOND_NS;
    }

    /** How far a counter went from one moment to another. */
    public long growth(int counter, int from, int to) {
        return values[to][counter] - values[from][counter];
    }

    /** What a histogram recorded from one moment to another. */
    public Durations recorded(int histogram, int from, int to) {
        return durations[to][histogram].since(durations[from][histogram]);
    }

    /**
     * What a part of the durations of a histogram took at the most, in seconds, at each moment; it is not known where there were none.
     *
     * @param part 0.5 for the median
     * @param intervals of how many intervals durations are taken together
     */
    public double[] quantiles(int histogram, double part, int intervals) {
        double[] quantiles = new double[size];
        for (int moment = 0; moment < size; moment++) {
            Durations lately = recorded(histogram, Math.max(0, moment - intervals), moment);
            quantiles[moment] = lately.count() == 0 ? Double.NaN : lately.quantile(part);
        }
        return quantiles;
    }

    /**
     * How far a counter went in a second, at each moment; it is not known at the first.
     *
     * @param intervals over how many it is averaged
     */
    public double[] perSecond(int counter, int intervals) {
        double[] rates = new double[size];
        rates[0] = Double.NaN;
        for (int moment = 1; moment < size; moment++) {
            int from = Math.max(0, moment - intervals);
            rates[moment] = growth(counter, from, moment) / (seconds(moment) - seconds(from));
        }
        return rates;
    }
}
