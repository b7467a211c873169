package io.tcpcopy.session;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;

/**
 * Copies UDP datagrams towards targets, each by itself: nothing is remembered of a client, nothing comes back, and what is
 * lost on the way is lost.
 */
public final class UdpCopy implements PacketCopier {
    private final Settings settings;
    private final Admission admission;
    private final PortShift ports;
    private final TargetDatagrams datagrams;
    private final Counters<Verdict> verdicts = new Counters<>(Verdict.class);
    private final ClientDatagram client = new ClientDatagram();

    private long nowNs;

    /** Nothing has been copied yet. */
    public UdpCopy(Settings settings, TargetLink link) {
        this.settings = settings;
        admission = new Admission(settings, new Targets(settings.transfers(), settings.dnat()));
        ports = new PortShift(settings.portShiftFactor());
        datagrams = new TargetDatagrams(link, settings.mtu());
    }

    @Override
    public void turn(long loopNs) {
        nowNs = loopNs;
    }

    /**
     * From now on no longer packet leaves for a target.
     *
     * @param bytes what the way takes; {@link Settings#mtu} stays the upper bound
     */
    public void mtu(int bytes) {
        datagrams.mtu(settings.mtuOnWay(bytes));
    }

    /** The longest packet that leaves for a target, in bytes: a longer datagram leaves as fragments. */
    public int mtu() {
        return datagrams.mtu();
    }

    @Override
    public boolean admit(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        Verdict verdict = client.parse(buffer, offset, length, wireLength);
        if (client.isAddressed()) {
            UdpHeader udp = client.udp();
            Verdict judgement = admission.judge(
                    client.ip().source(), udp.sourcePort(), client.ip().destination(), udp.destinationPort(), nowNs);
            verdict = judgement == Verdict.TAKEN ? verdict : judgement;
        }
        verdicts.increment(verdict);
        return verdict == Verdict.TAKEN;
    }

    @Override
    public void takeAdmitted() {
        datagrams.write(client);
        for (int copy = 0; copy < settings.copies(); copy++) {
            datagrams.send(
                    admission.clientAddress(copy), ports.of(client.udp().sourcePort(), copy), admission.transfer());
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
        ports.shiftFurther();
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
