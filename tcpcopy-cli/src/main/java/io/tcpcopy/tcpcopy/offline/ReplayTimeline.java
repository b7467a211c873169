package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.metrics.Durations;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.tcpcopy.chart.Chart;
import io.tcpcopy.tcpcopy.chart.ChartDrawing;
import io.tcpcopy.tcpcopy.chart.Figures;
import io.tcpcopy.tcpcopy.chart.Timeline;
import io.tcpcopy.tcpcopy.report.Account;
import io.tcpcopy.tcpcopy.report.Delay;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** How a replay goes over time, for its report. */
final class ReplayTimeline {
    /** Over how many intervals rates are averaged: those of a few packets would only be noise. */
    private static final int AVERAGED = 5;

    /** Styles of the page. */
    private static final String CAPTURED_STYLE = "captured";

    private static final String DELIVERED_STYLE = "delivered";
    private static final String SENT_STYLE = "sent";
    private static final String BACK_STYLE = "back";

    private static final double MEDIAN = 0.5;
    private static final double MOST = 0.99;

    /** What a moment holds. */
    private static final int CAPTURED = 0;

    private static final int DELIVERED = 1;
    private static final int LOST = 2;
    private static final int PACKETS_TAKEN = 3;
    private static final int PACKETS_INJECTED = 4;
    private static final int RESPONSES = 5;
    private static final int BYTES_CAPTURED = 6;
    private static final int BYTES_DELIVERED = 7;
    private static final int COUNTERS = 8;

    private final Metrics metrics;
    private final boolean connections;
    private final List<Delay> delays;
    private final Timeline timeline;

    /** Begins now; all numbers of the program are there. */
    ReplayTimeline(EventLoop loop, Metrics metrics) {
        this.metrics = metrics;
        connections = Account.hasRequests(metrics);
        delays = Stream.of(Delay.values())
                .filter(delay -> delay.of(metrics).isPresent())
                .toList();
        timeline = new Timeline(
                loop,
                COUNTERS,
                this::read,
                delays.stream().flatMap(delay -> delay.of(metrics).stream()).toList());
        timeline.start();
    }

    private void read(long[] values) {
        Account account = connections ? Account.ofRequests(metrics) : Account.ofDatagrams(metrics);
        values[CAPTURED] = account.captured();
        values[DELIVERED] = account.delivered();
        values[LOST] = account.lost();
        values[PACKETS_TAKEN] = metrics.get(Verdict.TAKEN);
        values[PACKETS_INJECTED] = metrics.get(InjectCounter.SENT);
        if (connections) {
            Account bytes = Account.ofBytes(metrics);
            values[RESPONSES] = metrics.get(SessionCounter.RESPONSES);
            values[BYTES_CAPTURED] = bytes.captured();
            values[BYTES_DELIVERED] = bytes.delivered();
        }
    }

    /** It ends now. */
    void stop() {
        timeline.stop();
    }

    /** Charts of it; none of a replay that was over at once. */
    List<Chart> charts() {
        if (timeline.seconds(last()) == 0) {
            return List.of();
        }
        String what = connections ? "Requests" : "Datagrams";
        ChartDrawing all = rate(what);
        all.area("captured", CAPTURED_STYLE, rates(CAPTURED), average(CAPTURED));
        all.line(connections ? "delivered" : "sent", DELIVERED_STYLE, rates(DELIVERED), average(DELIVERED));
        ChartDrawing lost = rate(what + " lost");
        lost.line("lost", ChartDrawing.BARS, timeline.perSecond(LOST, 1), Figures.count(growth(LOST)) + " in all");
        List<ChartDrawing> drawings = new ArrayList<>(List.of(all, lost, packets()));
        if (connections) {
            drawings.add(payload());
        }
        delays.forEach(delay -> drawings.add(quantiles(delay)));
        return drawings.stream().map(ChartDrawing::draw).toList();
    }

    private ChartDrawing packets() {
        ChartDrawing packets = rate("Packets");
        packets.area("captured", CAPTURED_STYLE, rates(PACKETS_TAKEN), average(PACKETS_TAKEN));
        packets.line("injected", SENT_STYLE, rates(PACKETS_INJECTED), average(PACKETS_INJECTED));
        if (connections) {
            packets.line("responses", BACK_STYLE, rates(RESPONSES), average(RESPONSES));
        }
        return packets;
    }

    private ChartDrawing payload() {
        ChartDrawing payload = new ChartDrawing("Payload", "bytes a second", Figures::bytes, seconds());
        payload.area(
                "captured", CAPTURED_STYLE, rates(BYTES_CAPTURED), Figures.bytes(growth(BYTES_CAPTURED)) + " in all");
        payload.line(
                "delivered",
                DELIVERED_STYLE,
                rates(BYTES_DELIVERED),
                Figures.bytes(growth(BYTES_DELIVERED)) + " in all");
        return payload;
    }

    private ChartDrawing rate(String title) {
        return new ChartDrawing(title, "a second", Figures::rate, seconds());
    }

    private ChartDrawing quantiles(Delay delay) {
        ChartDrawing drawing = switch (delay) {
            case COPY ->
                new ChartDrawing("Copy delay", "from when it was due to the send call", Figures::seconds, seconds());
            case RESPONSE ->
                new ChartDrawing("Response time of the target", "tunnel included", Figures::seconds, seconds());
        };
        return drawing.line("99th percentile", SENT_STYLE, quantiles(delay, MOST), quantile(delay, MOST))
                .line("median", DELIVERED_STYLE, quantiles(delay, MEDIAN), quantile(delay, MEDIAN));
    }

    private double[] quantiles(Delay delay, double part) {
        return timeline.quantiles(delays.indexOf(delay), part, AVERAGED);
    }

    private String quantile(Delay delay, double part) {
        Durations all = timeline.recorded(delays.indexOf(delay), 0, last());
        return all.count() == 0 ? "none" : Figures.seconds(all.quantile(part));
    }

    private double[] seconds() {
        double[] seconds = new double[timeline.size()];
        for (int moment = 0; moment < seconds.length; moment++) {
            seconds[moment] = timeline.seconds(moment);
        }
        return seconds;
    }

    private double[] rates(int counter) {
        return timeline.perSecond(counter, AVERAGED);
    }

    private String average(int counter) {
        return Figures.rate(growth(counter) / timeline.seconds(last())) + " on average";
    }

    private long growth(int counter) {
        return timeline.growth(counter, 0, last());
    }

    private int last() {
        return timeline.size() - 1;
    }
}
