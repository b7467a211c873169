package io.tcpcopy.capture;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import java.util.List;
import java.util.function.ToLongFunction;

/** What is counted where packets come from, all sources together. */
public enum CaptureMetric implements Metric {
    /** Asking for it costs a system call for each source. */
    KERNEL_DROPS(
            "capture_kernel_drops_total",
            "Packets that the kernel dropped because the capture buffer was full.",
            CaptureCounters::kernelDrops),
    /** Asking for it costs the reading of some files. */
    CARD_DROPS(
            "capture_card_drops_total",
            "Packets that the network cards captured on have dropped (rx_missed_errors, rx_dropped, rx_fifo_errors,"
                    + " rx_over_errors), those included that no protocol of the host takes.",
            CaptureCounters::cardDrops),
    /** They were captured, but not handed over. */
    NOT_IPV4("capture_not_ipv4_total", "Packets captured that are not IPv4.", CaptureCounters::notIpv4),
    /** They may be of clients, which are not copied then. */
    IPV6("capture_ipv6_total", "Packets captured that are IPv6, which is not copied.", CaptureCounters::ipv6),
    /** Where a source takes packets for itself. */
    LET_THROUGH(
            "capture_let_through_total",
            "Packets of the queue that were let through to their destination.",
            CaptureCounters::letThrough),
    RING_BYTES("capture_ring_bytes", "Memory that the kernel fills with captured packets.", CaptureCounters::ringBytes);

    private final Description description;
    private final ToLongFunction<CaptureCounters> ofSource;

    CaptureMetric(String name, String help, ToLongFunction<CaptureCounters> ofSource) {
        description = new Description(name, help);
        this.ofSource = ofSource;
    }

    /** Adds what is counted at these sources. */
    public static void add(List<? extends CaptureCounters> sources, Metrics metrics) {
        for (CaptureMetric metric : values()) {
            metrics.add(
                    metric, () -> sources.stream().mapToLong(metric.ofSource).sum());
        }
    }

    @Override
    public Description description() {
        return description;
    }
}
