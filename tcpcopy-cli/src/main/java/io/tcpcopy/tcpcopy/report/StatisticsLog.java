package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.counters.CounterSnapshot;
import io.tcpcopy.counters.Counters;
import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.HeldPayload;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.tcpcopy.returnpath.Intercepts;
import java.util.List;
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

    private final EventLoop loop;
    private final SessionEngine engine;
    private final PacketStatistics packets;
    private final Intercepts intercepts;
    private final Counters<SessionCounter> counters;
    private final Diagnosis diagnosis = new Diagnosis(CopyLosses.places());
    private boolean packetTaken;
    private long firstPacketNs;
    private boolean warnedOfRepeatedCapture;

    /**
     * Writes nothing before it is asked to.
     *
     * @param sources what is counted where packets come from
     * @param sink where packets leave
     */
    public StatisticsLog(
            EventLoop loop,
            SessionEngine engine,
            List<? extends CaptureCounters> sources,
            PacketSink sink,
            Intercepts intercepts) {
        this.loop = loop;
        this.engine = engine;
        this.packets = new PacketStatistics(sources, engine.verdicts(), sink);
        this.intercepts = intercepts;
        this.counters = engine.counters();
    }

    /** Packets may have been taken: before the first one there is nothing to say. */
    public void packetsTaken(long nowNs) {
        if (!packetTaken && engine.verdicts().get(Verdict.TAKEN) > 0) {
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
        diagnosis.of(snapshot()).ifPresent(LOG::warn);
    }

    /** What all counters stand at, for {@link CopyLosses} to judge by. */
    private CounterSnapshot snapshot() {
        return packets.snapshot()
                .put(CopyLosses.Counter.CAPTURED_BYTES, engine.ledger().capturedBytes())
                .put(CopyLosses.Counter.DELIVERED_BYTES, engine.ledger().deliveredBytes())
                .put(CopyLosses.Counter.ROUTES_REFUSED, intercepts.refusedRoutes())
                .putAll(DropReason.values(), engine.ledger()::droppedBytes)
                .putAll(SessionCounter.values(), counters::get);
    }

    private void writeOriginal() {
        int ended = engine.endedSessions();
        LOG.info(
                "active:{},rel:{},obs del:{},tw:{}",
                engine.liveSessions() + ended,
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
        LOG.info("retransmit:{}", get(SessionCounter.RETRANSMITTED));
        LOG.info("recv packs after retransmission:{}", get(SessionCounter.PROGRESS_AFTER_RETRANSMISSION));
        LOG.info(
                "syn cnt:{},all clt:{},clt cont:{}",
                get(SessionCounter.CLIENT_SYNS),
                get(SessionCounter.CLIENT_PACKETS),
                get(SessionCounter.CLIENT_PACKETS_WITH_PAYLOAD));
        LOG.info(
                "total cont retransmit:{}, frag:{}",
                get(SessionCounter.CLIENT_RETRANSMISSIONS),
                engine.verdicts().get(Verdict.FRAGMENT));
        LOG.info("total captured packets:{}", engine.verdicts().get(Verdict.TAKEN));
    }

    private void warnOfMissingConnections(long nowNs) {
        int live = engine.liveSessions();
        boolean few = get(SessionCounter.CONNECTIONS) * PERCENT
                < (long) (live + engine.endedSessions()) * MIN_CONNECTED_PERCENT;
        if (live > 0 && few && nowNs - firstPacketNs > HANDSHAKE_GRACE_NS) {
            LOG.warn("many connections can't be established");
        }
    }

    private void writeCapture() {
        LOG.info("{}", packets.capture());
        if (!warnedOfRepeatedCapture && get(SessionCounter.CLIENT_TWICE) > 0) {
            warnedOfRepeatedCapture = true;
            LOG.warn("packets are seen on several devices: name the one where clients come in with -i to save work");
        }
    }

    private void writeInjection() {
        LOG.info("{}", packets.injection());
        LOG.info("tunnel connections:{},routes refused:{}", intercepts.linksUp(), intercepts.refusedRoutes());
        if (loop.faults() > 0) {
            LOG.error("faults:{}", loop.faults());
        }
    }

    private void writeSessions() {
        StatisticsLine line = new StatisticsLine("session memory bytes", engine.memoryBytes())
                .and("responses not fitting", get(SessionCounter.RESPONSES_NOT_FITTING))
                .and("not of a target", get(SessionCounter.RESPONSES_NOT_OF_TARGET))
                .and("without session", get(SessionCounter.RESPONSES_WITHOUT_SESSION))
                .and("twice", get(SessionCounter.RESPONSES_TWICE))
                .and("malformed", get(SessionCounter.RESPONSES_MALFORMED))
                .and("client packets twice", get(SessionCounter.CLIENT_TWICE))
                .and("client packets without session", get(SessionCounter.CLIENT_WITHOUT_SESSION))
                .and("client bytes never captured", get(SessionCounter.MISSING_BYTES))
                .and("window probes", get(SessionCounter.WINDOW_PROBES))
                .and("response not awaited", get(SessionCounter.RESPONSE_NOT_AWAITED))
                .and("greeting not awaited", get(SessionCounter.GREETING_NOT_AWAITED))
                .and("port changed", get(SessionCounter.PORT_CHANGED))
                .and("successor replaced", get(SessionCounter.SUCCESSOR_REPLACED))
                .and("refused", get(SessionCounter.REFUSED))
                .and("unanswered", get(SessionCounter.UNANSWERED))
                .and("rebuilds given up", get(SessionCounter.RECONNECTS_GIVEN_UP))
                .and("no route", get(SessionCounter.NO_ROUTE))
                .and("no port", get(SessionCounter.NO_PORT));
        LOG.info("{}", line);
    }

    private void writeLedger() {
        Ledger ledger = engine.ledger();
        HeldPayload held = engine.held();
        LOG.info(
                "ledger bytes captured:{},delivered:{},waiting:{},dropped:{}",
                ledger.capturedBytes(),
                ledger.deliveredBytes(),
                held.bytes(),
                ledger.droppedBytes());
        LOG.info(
                "ledger requests captured:{},delivered:{},waiting:{},dropped:{}",
                ledger.capturedRequests(),
                ledger.deliveredRequests(),
                held.requests(),
                ledger.droppedRequests());
        if (held.bytes() != ledger.waitingBytes() || held.requests() != ledger.waitingRequests()) {
            LOG.error("the ledger does not balance: a fault in this program");
        }
        for (DropReason reason : DropReason.values()) {
            if (ledger.droppedBytes(reason) > 0) {
                LOG.info(
                        "ledger dropped {} bytes:{},requests:{}",
                        reason.label(),
                        ledger.droppedBytes(reason),
                        ledger.droppedRequests(reason));
            }
        }
    }

    private long get(SessionCounter counter) {
        return counters.get(counter);
    }
}
