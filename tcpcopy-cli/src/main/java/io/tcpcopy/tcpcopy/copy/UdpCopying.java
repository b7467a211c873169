package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.session.udp.UdpCopy;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.CopySymptoms;
import io.tcpcopy.tcpcopy.report.UdpStatisticsLog;
import java.util.List;
import java.util.function.BooleanSupplier;

/** Datagrams, each by itself: nothing has to come back. */
final class UdpCopying implements Copying {
    private final Metrics metrics;
    private final UdpCopy copy;
    private final UdpStatisticsLog statistics;

    UdpCopying(Metrics metrics, Settings settings, TargetLink link) {
        this.metrics = metrics;
        copy = new UdpCopy(settings, link);
        statistics = new UdpStatisticsLog(metrics);
    }

    @Override
    public PacketCopier copier() {
        return copy;
    }

    @Override
    public CopyOutcome outcome() {
        return CopyOutcome.ofDatagrams(metrics);
    }

    @Override
    public List<Symptom> symptoms(BooleanSupplier isTunnelOut) {
        return CopySymptoms.ofDatagrams();
    }

    @Override
    public void writeStatistics() {
        statistics.write();
    }

    @Override
    public String describe(String transfers) {
        return "UDP " + transfers;
    }
}
