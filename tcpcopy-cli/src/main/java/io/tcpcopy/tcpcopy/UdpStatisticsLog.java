package io.tcpcopy.tcpcopy;

import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.session.UdpCopy;
import io.tcpcopy.session.Verdict;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the statistics of copied datagrams to the log: the line of the original in its wording, then what became of the
 * packets. Numbers are totals since the start. At last, if anything was lost since the statistics before, it says where
 * and what to do.
 */
final class UdpStatisticsLog {
    private static final Logger LOG = LoggerFactory.getLogger(UdpStatisticsLog.class);

    private final EventLoop loop;
    private final UdpCopy copy;
    private final PacketStatistics packets;
    private final Diagnosis diagnosis = new Diagnosis(CopyLosses.ofDatagrams());

    UdpStatisticsLog(EventLoop loop, UdpCopy copy, PacketStatistics packets) {
        this.loop = loop;
        this.copy = copy;
        this.packets = packets;
    }

    /** Writes all lines. */
    void write() {
        LOG.info("udp packets captured:{},packets sent:{}", copy.verdicts().get(Verdict.TAKEN), copy.sent());
        LOG.info("{}", packets.capture());
        LOG.info("{}", packets.injection());
        if (loop.faults() > 0) {
            LOG.error("faults:{}", loop.faults());
        }
        diagnosis.of(packets.counts()).ifPresent(LOG::warn);
    }
}
