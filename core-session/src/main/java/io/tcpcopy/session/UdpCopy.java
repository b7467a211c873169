package io.tcpcopy.session;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.packet.UdpHeader;
import java.nio.ByteBuffer;

/**
 * Copies UDP datagrams towards targets, each by itself: nothing is remembered of a client, nothing comes back, and what is
 * lost on the way is lost. A captured packet is admitted first, and then taken, at once or when its time has come. Each
 * turn of the loop begins with {@link #turn}.
 */
public final class UdpCopy {
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

    /**
     * A turn of the loop begins.
     *
     * @param loopNs nanoseconds of a monotonic clock that is never negative
     */
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

    /**
     * Says, and counts, whether a captured packet is a client's datagram that is to be copied; parameters as in
     * {@code PacketHandler}.
     *
     * @param offset index of the IPv4 header
     * @param length captured bytes from there on
     * @param wireLength bytes from there on that were on the wire
     */
    public boolean admit(ByteBuffer buffer, int offset, int length, int wireLength) {
        Verdict verdict = client.parse(buffer, offset, length, wireLength);
        if (verdict == Verdict.TAKEN) {
            UdpHeader udp = client.udp();
            verdict = admission.judge(
                    client.ip().source(), udp.sourcePort(), client.ip().destination(), udp.destinationPort(), nowNs);
        }
        verdicts.increment(verdict);
        return verdict == Verdict.TAKEN;
    }

    /** Sends the copies of the datagram that was admitted last; its bytes must still be where they were. */
    public void take() {
        datagrams.write(client);
        for (int copy = 0; copy < settings.copies(); copy++) {
            datagrams.send(
                    admission.clientAddress(copy), ports.of(client.udp().sourcePort(), copy), admission.transfer());
        }
    }

    /** What was said of captured packets. */
    public Counters<Verdict> verdicts() {
        return verdicts;
    }

    /** Datagrams sent to targets, whole or as fragments. */
    public long sent() {
        return datagrams.sent();
    }
}
