package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectionError;
import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.Errno;
import io.tcpcopy.session.arrival.Verdict;

/** What the statistics say of packets that come in and that leave, whatever they carry. */
final class PacketStatistics {
    private PacketStatistics() {}

    /** What was captured and not taken. */
    static StatisticsLine capture(Metrics metrics) {
        StatisticsLine line = new StatisticsLine("capture kernel drops", metrics.get(CaptureMetric.KERNEL_DROPS))
                .and("card drops", metrics.get(CaptureMetric.CARD_DROPS))
                .and("not ipv4", metrics.get(CaptureMetric.NOT_IPV4))
                .and("of these ipv6", metrics.get(CaptureMetric.IPV6));
        for (Verdict verdict : Verdict.values()) {
            if (verdict != Verdict.TAKEN) {
                line.and(verdict.text(), metrics.get(verdict));
            }
        }
        return line;
    }

    /** What became of the packets for targets. */
    static StatisticsLine injection(Metrics metrics) {
        StatisticsLine line = new StatisticsLine("injected packets", metrics.get(InjectCounter.SENT));
        for (InjectCounter fate : InjectCounter.values()) {
            if (fate != InjectCounter.SENT) {
                line.and(fate.text(), metrics.get(fate));
            }
        }
        for (int errno = 0; errno <= Errno.HIGHEST; errno++) {
            line.and(Errno.name(errno), metrics.get(new InjectionError(errno)));
        }
        return line;
    }
}
