package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.base.Routes;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.CopySymptoms;
import io.tcpcopy.tcpcopy.report.SheddingLog;
import io.tcpcopy.tcpcopy.report.StatisticsLog;
import io.tcpcopy.tunnel.ResponseRecord;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Connections, each by a session. */
final class TcpCopying implements Copying {
    private final Metrics metrics;
    private final EventLoop loop;
    private final SessionEngine engine;
    private final StatisticsLog statistics;
    private final SheddingLog shedding;

    TcpCopying(EventLoop loop, Metrics metrics, Settings settings, TargetLink link, Routes routes) {
        this.loop = loop;
        this.metrics = metrics;
        engine = new SessionEngine(settings, link, routes, loop::survive);
        statistics = new StatisticsLog(metrics);
        shedding = new SheddingLog(engine.copiedShares(), metrics);
    }

    @Override
    public PacketCopier copier() {
        return engine;
    }

    @Override
    public void response(ResponseRecord record) {
        engine.response(record.buffer(), record.ip().offset(), ResponseRecord.HEADERS_LENGTH);
    }

    @Override
    public void pause() {
        engine.pause();
    }

    @Override
    public void resume() {
        engine.resume();
    }

    @Override
    public void forEachRoute(Routes.Visitor visitor) {
        engine.forEachRoute(visitor);
    }

    @Override
    public CopyOutcome outcome() {
        return CopyOutcome.ofConnections(metrics);
    }

    @Override
    public List<Symptom> symptoms(BooleanSupplier isTunnelOut) {
        return CopySymptoms.ofConnections(isTunnelOut);
    }

    @Override
    public void writeStatistics() {
        statistics.write(loop.nowNs());
    }

    @Override
    public void endTurn() {
        engine.turnEnded();
        statistics.packetsTaken(loop.nowNs());
        shedding.turnEnded(loop.nowNs());
    }

    @Override
    public String describe(String transfers) {
        return transfers;
    }
}
