package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.counters.CounterSnapshot;
import io.tcpcopy.counters.Counters;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.logging.StatisticsLine;
import io.tcpcopy.net.Errno;
import io.tcpcopy.session.arrival.Verdict;
import java.util.List;

/** What the statistics say of packets that come in and that leave, whatever they carry. */
final class PacketStatistics {
    private final List<? extends CaptureCounters> sources;
    private final Counters<Verdict> verdicts;
    private final PacketSink sink;

    PacketStatistics(List<? extends CaptureCounters> sources, Counters<Verdict> verdicts, PacketSink sink) {
        this.sources = sources;
        this.verdicts = verdicts;
        this.sink = sink;
    }

    /** What was captured and not taken. */
    StatisticsLine capture() {
        long notIpv4 = sources.stream().mapToLong(CaptureCounters::notIpv4).sum();
        StatisticsLine line = new StatisticsLine("capture kernel drops", kernelDrops()).and("not ipv4", notIpv4);
        for (Verdict verdict : Verdict.values()) {
            if (verdict != Verdict.TAKEN) {
                line.and(verdict.label(), verdicts.get(verdict));
            }
        }
        return line;
    }

    /** What became of the packets for targets. */
    StatisticsLine injection() {
        Counters<InjectCounter> packets = sink.counters();
        StatisticsLine line = new StatisticsLine("injected packets", packets.get(InjectCounter.SENT))
                .and("next hop silent", packets.get(InjectCounter.NEXT_HOP_SILENT))
                .and("dropped by full queue", packets.get(InjectCounter.DROPPED))
                .and("failed", packets.get(InjectCounter.FAILED));
        for (int errno = 0; errno <= Errno.HIGHEST; errno++) {
            line.and(Errno.name(errno), sink.errors().get(errno));
        }
        return line;
    }

    /** What all of these counters stand at, for {@link CopyLosses} to judge by. */
    CounterSnapshot snapshot() {
        CounterSnapshot snapshot = new CounterSnapshot()
                .put(CopyLosses.Counter.KERNEL_DROPS, kernelDrops())
                .putAll(Verdict.values(), verdicts::get)
                .putAll(InjectCounter.values(), sink.counters()::get);
        for (int errno = 0; errno <= Errno.HIGHEST; errno++) {
            snapshot.put(errno, sink.errors().get(errno));
        }
        return snapshot;
    }

    private long kernelDrops() {
        return sources.stream().mapToLong(CaptureCounters::kernelDrops).sum();
    }
}
