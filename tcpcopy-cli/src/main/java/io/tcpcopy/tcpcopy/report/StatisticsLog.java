package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.loop.LoopMetric;
import io.tcpcopy.loop.LoopStatistics;
import io.tcpcopy.memory.MemoryStatistics;
import io.tcpcopy.metrics.Metric;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.DroppedBytes;
import io.tcpcopy.session.ledger.DroppedRequests;
import io.tcpcopy.session.ledger.LedgerMetric;
import io.tcpcopy.tcpcopy.returnpath.TunnelMetric;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes the statistics to the log: first the lines of the original in its wording, then what it lacks, which is where
 * packets were lost and what became of every byte. Numbers count from the start of the program. The last line says, if
 * anything was lost since the statistics before, where most was lost and what to do.
 */
public final class StatisticsLog {
    private static final Logger LOG = LoggerFactory.getLogger(StatisticsLog.class);

    /** How long after the first packet connections may be missing without a warning, as in the original. */
    private static final long HANDSHAKE_GRACE_NS = TimeUnit.SECONDS.toNanos(3);
    /** In percent of the sessions: fewer connections than these are worth a warning, as in the original. */
    private static final int MIN_CONNECTED_PERCENT = 80;

    private static final int PERCENT = 100;

    private final Metrics metrics;
    private final Diagnosis diagnosis = new Diagnosis(CopyLosses.places());
    private boolean packetTaken;
    private long firstPacketNs;
    private boolean warnedOfRepeatedCapture;

    /** Writes nothing before it is asked to. */
    public StatisticsLog(Metrics metrics) {
        this.metrics = metrics;
    }

    /** Packets may have been taken: before the first one there is nothing to say. */
    public void packetsTaken(long nowNs) {
        if (!packetTaken && get(Verdict.TAKEN) > 0) {
            packetTaken = true;
            firstPacketNs = nowNs;
        }
    }

    /** Writes all lines. */
    public void write(long nowNs) {
        if (packetTaken) {
            writeOriginal();
            warnOfMissingConnections(nowNs);
        }
        writeCapture();
        writeInjection();
        if (packetTaken) {
            writeSessions();
            writeLedger();
        }
        diagnosis.of(metrics.snapshot()).ifPresent(finding -> LOG.warn(finding.text()));
    }

    private void writeOriginal() {
        long ended = get(SessionGauge.ENDED);
        LOG.info(
                "active:{},rel:{},obs del:{},tw:{}",
                get(SessionGauge.LIVE) + ended,
                get(SessionCounter.RELEASED),
                get(SessionCounter.OBSOLETE),
                ended);
        LOG.info(
                "conns:{},resp:{},c-resp:{}",
                get(SessionCounter.CONNECTIONS),
                get(SessionCounter.RESPONSES),
                get(SessionCounter.RESPONSES_WITH_PAYLOAD));
        LOG.info("resp fin:{},resp rst:{}", get(SessionCounter.RESPONSE_FINS), get(SessionCounter.RESPONSE_RESETS));
        LOG.info("send:{},send content:{}", get(SessionCounter.SENT), get(SessionCounter.SENT_WITH_PAYLOAD));
        LOG.info(
                "send syn:{}, fin:{},reset:{}",
                get(SessionCounter.SENT_SYNS),
                get(SessionCounter.SENT_FINS),
                get(SessionCounter.SENT_RESETS));
        LOG.info("reconnect:{},for no syn:{}", get(SessionCounter.RECONNECTS), get(SessionCounter.STARTED_MID_STREAM));
        LOG.info("retransmit:{}, bytes:{}", get(SessionCounter.RETRANSMITTED), get(SessionCounter.RETRANSMITTED_BYTES));
        LOG.info("recv packs after retransmission:{}", get(SessionCounter.PROGRESS_AFTER_RETRANSMISSION));
        LOG.info(
                "syn cnt:{},all clt:{},clt cont:{}",
                get(SessionCounter.CLIENT_SYNS),
                get(SessionCounter.CLIENT_PACKETS),
                get(SessionCounter.CLIENT_PACKETS_WITH_PAYLOAD));
        LOG.info(
                "total cont retransmit:{}, frag:{}", get(SessionCounter.CLIENT_RETRANSMISSIONS), get(Verdict.FRAGMENT));
        LOG.info("total captured packets:{}", get(Verdict.TAKEN));
    }

    private void warnOfMissingConnections(long nowNs) {
        long live = get(SessionGauge.LIVE);
        boolean few =
                get(SessionCounter.CONNECTIONS) * PERCENT < (live + get(SessionGauge.ENDED)) * MIN_CONNECTED_PERCENT;
        if (live > 0 && few && nowNs - firstPacketNs > HANDSHAKE_GRACE_NS) {
            LOG.warn("many connections can't be established");
        }
    }

    private void writeCapture() {
        LOG.info("{}", PacketStatistics.capture(metrics));
        if (!warnedOfRepeatedCapture && get(SessionCounter.CLIENT_TWICE) > 0) {
            warnedOfRepeatedCapture = true;
            LOG.warn(
                    "client packets come twice: if it is on several devices, name the one where clients come in with -i to save work;"
                            + " else the network doubles them, which does no harm");
        }
    }

    private void writeInjection() {
        LOG.info("{}", PacketStatistics.injection(metrics));
        LOG.info(
                "tunnel connections:{},routes refused:{}",
                get(TunnelMetric.CONNECTIONS),
                get(TunnelMetric.ROUTES_REFUSED));
        LOG.info("{}", LoopStatistics.line(metrics));
        LOG.info("{}", MemoryStatistics.line(metrics, get(SessionGauge.SLABS), get(CaptureMetric.RING_BYTES)));
        if (get(LoopMetric.FAULTS) > 0) {
            LOG.error("faults:{}", get(LoopMetric.FAULTS));
        }
    }

    private void writeSessions() {
        StatisticsLine line = new StatisticsLine("session memory bytes", get(SessionGauge.MEMORY))
                .and("responses not fitting", get(SessionCounter.RESPONSES_NOT_FITTING))
                .and("not of a target", get(SessionCounter.RESPONSES_NOT_OF_TARGET))
                .and("without session", get(SessionCounter.RESPONSES_WITHOUT_SESSION))
                .and("twice", get(SessionCounter.RESPONSES_TWICE))
                .and("malformed", get(SessionCounter.RESPONSES_MALFORMED))
                .and("client packets twice", get(SessionCounter.CLIENT_TWICE))
                .and("client packets without session", get(SessionCounter.CLIENT_WITHOUT_SESSION))
                .and("client bytes never captured", get(SessionCounter.MISSING_BYTES))
                .and("client packets conflicting", get(SessionCounter.CLIENT_CONFLICTS))
                .and("client resets not believed", get(SessionCounter.CLIENT_RESETS_NOT_BELIEVED))
                .and("client syns not believed", get(SessionCounter.CLIENT_SYNS_NOT_BELIEVED))
                .and("window probes", get(SessionCounter.WINDOW_PROBES))
                .and("response not awaited", get(SessionCounter.RESPONSE_NOT_AWAITED))
                .and("response without end", get(SessionCounter.RESPONSE_WITHOUT_END))
                .and("greeting not awaited", get(SessionCounter.GREETING_NOT_AWAITED))
                .and("port changed", get(SessionCounter.PORT_CHANGED))
                .and("pair left", get(SessionCounter.PAIR_LEFT))
                .and("successor replaced", get(SessionCounter.SUCCESSOR_REPLACED))
                .and("refused", get(SessionCounter.REFUSED))
                .and("unanswered", get(SessionCounter.UNANSWERED))
                .and("shed", get(SessionCounter.SHED))
                .and("ended early at a login", get(SessionCounter.ENDED_EARLY_LOGIN))
                .and("ended early at tls", get(SessionCounter.ENDED_EARLY_TLS))
                .and("ended early mid-stream", get(SessionCounter.ENDED_EARLY_MID_STREAM))
                .and("ended early otherwise", get(SessionCounter.ENDED_EARLY_OTHER))
                .and("requests unanswered", get(SessionCounter.REQUESTS_UNANSWERED))
                .and("requests sent again", get(SessionCounter.REQUESTS_SENT_AGAIN))
                .and("long segments in vain", get(SessionCounter.REPEATED_IN_VAIN_LONG))
                .and("short segments in vain", get(SessionCounter.REPEATED_IN_VAIN_SHORT))
                .and("reconnects given up", get(SessionCounter.RECONNECTS_GIVEN_UP))
                .and("no route", get(SessionCounter.NO_ROUTE))
                .and("no port", get(SessionCounter.NO_PORT))
                .and("no other port", get(SessionCounter.NO_OTHER_PORT));
        LOG.info("{}", line);
    }

    private void writeLedger() {
        LedgerSums sums = LedgerSums.of(metrics);
        LOG.info(
                "ledger bytes captured:{},delivered:{},waiting:{},dropped:{}",
                get(LedgerMetric.CAPTURED_BYTES),
                get(LedgerMetric.DELIVERED_BYTES),
                get(LedgerMetric.WAITING_BYTES),
                sums.droppedBytes());
        LOG.info(
                "ledger requests captured:{},delivered:{},waiting:{},dropped:{}",
                get(LedgerMetric.CAPTURED_REQUESTS),
                get(LedgerMetric.DELIVERED_REQUESTS),
                get(LedgerMetric.WAITING_REQUESTS),
                sums.droppedRequests());
        if (get(LedgerMetric.CUT_OFF_REQUESTS) > 0) {
            LOG.info("ledger requests delivered, but cut off:{}", get(LedgerMetric.CUT_OFF_REQUESTS));
        }
        if (!sums.balance()) {
            LOG.error("the ledger does not balance: a fault in this program");
        }
        for (DropReason reason : DropReason.values()) {
            long bytes = get(new DroppedBytes(reason));
            if (bytes > 0) {
                LOG.info(
                        "ledger dropped {} bytes:{},requests:{}",
                        reason.text(),
                        bytes,
                        get(new DroppedRequests(reason)));
            }
        }
    }

    private long get(Metric metric) {
        return metrics.get(metric);
    }
}
