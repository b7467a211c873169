package io.tcpcopy.session.udp;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.admit.Admission;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.admit.Targets;
import io.tcpcopy.session.arrival.ClientDatagram;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.TargetLink;
import java.nio.ByteBuffer;

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

    /**
     * From now on no longer packet leaves for a target.
     *
     * @param pathMtu the longest packet that the path to the targets takes, in bytes; {@link Settings#mtu} stays the upper
     *     bound
     */
    public void mtu(int pathMtu) {
        datagrams.mtu(settings.mtuOnPath(pathMtu));
    }

    /** The longest packet that leaves for a target, in bytes: a longer datagram leaves as fragments. */
    public int mtu() {
        return datagrams.mtu();
    }

    @Override
    public boolean admit(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        Verdict verdict = client.parse(buffer, offset, length, wireLength);
        if (client.isAddressed()) {
            Verdict judgement = admission.judge(client.flow(), nowNs);
            verdict = judgement == Verdict.TAKEN ? verdict : judgement;
        }
        verdicts.increment(verdict);
        return verdict == Verdict.TAKEN;
    }

    @Override
    public void takeAdmitted() {
        datagrams.write(client);
        for (int copy = 0; copy < settings.copies(); copy++) {
            admission.writeFlow(copy, flow);
            datagrams.send(flow);
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

    @Override
    public Counters<Verdict> verdicts() {
        return verdicts;
    }

    /** Datagrams sent to targets, whole or as fragments. */
    public long sent() {
        return datagrams.sent();
    }
}
