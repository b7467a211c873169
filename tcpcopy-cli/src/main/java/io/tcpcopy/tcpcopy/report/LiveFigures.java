package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.metrics.Durations;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.tcpcopy.chart.Figures;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/** How a copy goes, in one line: a second, as far as it went since the line before. */
final class LiveFigures {
    /** The median of fewer delays would jump. */
    private static final int LOOKS_FOR_DELAY = 10;

    private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final double SECOND_MS = TimeUnit.SECONDS.toMillis(1);
    private static final double MEDIAN = 0.5;

    /** The oldest first. */
    private final Deque<Moment> last = new ArrayDeque<>();

    /**
     * What numbers stand at.
     *
     * @param timeNs when
     * @param account of requests, or of datagrams
     * @param sessions that are copied; datagrams have none
     * @param kernelDrops packets that were dropped before they could be read
     * @param delays of copies
     */
    record Moment(long timeNs, Account account, OptionalLong sessions, long kernelDrops, Durations delays) {
        static Moment of(Metrics metrics, long timeNs) {
            boolean requests = Account.hasRequests(metrics);
            return new Moment(
                    timeNs,
                    requests ? Account.ofRequests(metrics) : Account.ofDatagrams(metrics),
                    requests ? OptionalLong.of(metrics.get(SessionGauge.LIVE)) : OptionalLong.empty(),
                    metrics.get(CaptureMetric.KERNEL_DROPS),
                    Delay.COPY.of(metrics).orElseThrow().durations());
        }
    }

    /** Numbers are compared with these first. */
    LiveFigures(Moment start) {
        last.add(start);
    }

    /** The line for what numbers stand at now. */
    String next(Moment now) {
        Moment before = last.getLast();
        last.add(now);
        if (last.size() > LOOKS_FOR_DELAY) {
            last.removeFirst();
        }
        double seconds = (now.timeNs() - before.timeNs()) / SECOND_NS;
        boolean requests = now.sessions().isPresent();
        StringBuilder line = new StringBuilder(requests ? "requests/s: captured " : "datagrams/s: captured ")
                .append(rate(now.account().captured() - before.account().captured(), seconds))
                .append(requests ? ", delivered " : ", sent ")
                .append(rate(now.account().delivered() - before.account().delivered(), seconds))
                .append(", lost ")
                .append(rate(now.account().lost() - before.account().lost(), seconds));
        if (now.account().lost() > 0) {
            line.append(" (").append(Figures.count(now.account().lost())).append(" in all)");
        }
        if (requests) {
            line.append("; ").append(Figures.count(now.sessions().getAsLong(), "session"));
        }
        if (now.kernelDrops() > 0) {
            line.append("; ").append(Figures.count(now.kernelDrops())).append(" dropped by the kernel");
        }
        Durations lately = now.delays().since(last.getFirst().delays());
        if (lately.count() > 0) {
            line.append(String.format(Locale.ROOT, "; delay %.2f ms", lately.quantile(MEDIAN) * SECOND_MS));
        }
        return line.toString();
    }

    private static String rate(long number, double seconds) {
        return Figures.rate(number / seconds);
    }
}
