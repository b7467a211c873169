package io.tcpcopy.session.udp;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.session.admit.Admission;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.admit.Targets;
import io.tcpcopy.session.arrival.ClientChecksums;
import io.tcpcopy.session.arrival.ClientDatagram;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetLink;
import io.tcpcopy.timer.TimerHeap;

/**
 * Copies UDP datagrams towards targets, each by itself: nothing is remembered of a client, nothing comes back, and what is
 * lost on the path is lost.
 */
public final class UdpCopy implements PacketCopier {
    private final Settings settings;
    private final Admission admission;
    private final TargetDatagrams datagrams;
    private final Counters<Verdict> verdicts = new Counters<>(Verdict.class);
    private final ClientDatagram client = new ClientDatagram();
    private final Flow flow = new Flow();
    private final ClientChecksums checksums = new ClientChecksums();

    private long nowNs;

    /** Nothing has been copied yet. */
    public UdpCopy(Settings settings, TargetLink link) {
        this.settings = settings;
        admission = new Admission(settings, new Targets(settings));
        datagrams = new TargetDatagrams(link, settings.mtu());
    }

    @Override
    public void turn(long loopNs) {
        nowNs = loopNs;
    }

    @Override
    public boolean admit(CapturedPacket packet) {
        Verdict verdict = client.parse(packet);
        if (client.isAddressed()) {
            Verdict judgement = admission.judge(client.flow(), nowNs);
            verdict = judgement == Verdict.TAKEN ? verdict : judgement;
        }
        if (verdict == Verdict.TAKEN && !checksums.takes(client.flow(), client.checksum(settings.mtu()))) {
            verdict = Verdict.BAD_CHECKSUM;
        }
        verdicts.increment(verdict);
        return verdict == Verdict.TAKEN;
    }

    @Override
    public void takeAdmitted(long capturedNs) {
        for (int i = 0; i < client.datagrams(); i++) {
            datagrams.write(client, i, capturedNs);
            for (int copy = 0; copy < settings.copies(); copy++) {
                admission.writeFlow(copy, flow);
                datagrams.send(flow);
            }
        }
    }

    /** Targets say nothing. */
    @Override
    public boolean isBehind() {
        return false;
    }

    /** What there is leaves at once. */
    @Override
    public boolean hasRoom() {
        return true;
    }

    /** Nothing waits. */
    @Override
    public void captureEnded() {}

    /** Clients get other ports. */
    @Override
    public void captureBeginsAgain() {
        admission.shiftPorts();
    }

    /** There are no connections. */
    @Override
    public int liveSessions() {
        return 0;
    }

    /** There is nothing to wait for. */
    @Override
    public long nextDeadlineNs() {
        return TimerHeap.NEVER;
    }

    /** Never wanted. */
    @Override
    public void runDue() {}

    /** Nothing is under way. */
    @Override
    public void stop() {}

    @Override
    public void addTo(Metrics metrics) {
        metrics.add(Verdict.class, verdicts).add(DatagramCounter.class, datagrams.counters());
    }
}
