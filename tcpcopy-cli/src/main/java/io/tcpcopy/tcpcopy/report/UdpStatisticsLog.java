package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.udp.UdpCopy;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the statistics of copied datagrams to the log: the line of the original in its wording, then what became of the
 * packets. Numbers count from the start of the program. The last line says, if anything was lost since the statistics
 * before, where most was lost and what to do.
 */
public final class UdpStatisticsLog {
    private static final Logger LOG = LoggerFactory.getLogger(UdpStatisticsLog.class);

    private final EventLoop loop;
    private final UdpCopy copy;
    private final PacketStatistics packets;
    private final Diagnosis diagnosis = new Diagnosis(CopyLosses.ofDatagrams());

    /**
     * Writes nothing before it is asked to.
     *
     * @param sources what is counted where packets come from
     * @param sink where packets leave
     */
    public UdpStatisticsLog(EventLoop loop, UdpCopy copy, List<? extends CaptureCounters> sources, PacketSink sink) {
        this.loop = loop;
        this.copy = copy;
        this.packets = new PacketStatistics(sources, copy.verdicts(), sink);
    }

    /** Writes all lines. */
    public void write() {
        LOG.info("udp packets captured:{},packets sent:{}", copy.verdicts().get(Verdict.TAKEN), copy.sent());
        LOG.info("{}", packets.capture());
        LOG.info("{}", packets.injection());
        if (loop.faults() > 0) {
            LOG.error("faults:{}", loop.faults());
        }
        diagnosis.of(packets.snapshot()).ifPresent(LOG::warn);
    }
}
