package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.loop.LoopMetric;
import io.tcpcopy.loop.LoopStatistics;
import io.tcpcopy.memory.MemoryStatistics;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.udp.DatagramCounter;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the statistics of copied datagrams to the log: the line of the original in its wording, then what became of the
 * packets. Numbers count from the start of the program. The last line says, if anything was lost since the statistics
 * before, where most was lost and what to do.
 */
public final class UdpStatisticsLog {
    private static final Logger LOG = LoggerFactory.getLogger(UdpStatisticsLog.class);

    private final Metrics metrics;
    private final Diagnosis diagnosis = new Diagnosis(CopyLosses.ofDatagrams());

    /** Writes nothing before it is asked to. */
    public UdpStatisticsLog(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Writes all lines. */
    public void write() {
        LOG.info(
                "udp packets captured:{},packets sent:{}",
                metrics.get(Verdict.TAKEN),
                metrics.get(DatagramCounter.SENT));
        LOG.info("{}", PacketStatistics.capture(metrics));
        LOG.info("{}", PacketStatistics.injection(metrics));
        LOG.info("{}", LoopStatistics.line(metrics));
        LOG.info("{}", MemoryStatistics.line(metrics, 0, metrics.get(CaptureMetric.RING_BYTES)));
        if (metrics.get(LoopMetric.FAULTS) > 0) {
            LOG.error("faults:{}", metrics.get(LoopMetric.FAULTS));
        }
        diagnosis.of(metrics.snapshot()).ifPresent(finding -> LOG.warn(finding.text()));
    }
}
