package io.tcpcopy.session.shed;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.KnownTarget;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.connection.SessionContext;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Leaves out whole connections when not all can be copied, so that those that are taken are copied whole. Without it what is too much
 * would take everything down with it: packets of all connections would be dropped, and handshakes time out.
 */
public final class Shedding {
    private static final int ALL_PERCENT = 100;
    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final SessionContext context;
    private final ShedPairs pairs;
    private final List<CopiedShare> shares = new ArrayList<>();
    private final List<NarrowTarget> targets = new ArrayList<>();
    private long observedNs;

    /** All connections are copied. */
    public Shedding(SessionContext context) {
        this.context = context;
        pairs = new ShedPairs(
                context.settings().sessionTimeoutNs(), context.settings().copies(), context.ledger());
        for (int i = 0; i < context.targets().size(); i++) {
            KnownTarget target = context.targets().get(i);
            CopiedShare share = new CopiedShare(target.endpoint());
            shares.add(share);
            targets.add(new NarrowTarget(target, context, share));
        }
    }

    // ---------------------------------------------------------------------------------------------- what gets through

    /**
     * Packets are read later and later, or are dropped before.
     *
     * @param throughput how much of what came lately was read, above 1 where it is catching up
     */
    public void captureIsNarrow(double throughput, long nowNs) {
        if (!context.settings().sheds()) {
            return;
        }
        for (CopiedShare share : shares) {
            share.narrow(NarrowPlace.CAPTURE, throughput, nowNs);
        }
    }

    /** A turn ends: twice a second looks at the targets. */
    public void turnEnded(long nowNs) {
        long elapsedNs = nowNs - observedNs;
        if (elapsedNs < INTERVAL_NS || !context.settings().sheds()) {
            return;
        }
        observedNs = nowNs;
        double seconds = (double) elapsedNs / SECOND_NS;
        for (int i = 0; i < shares.size(); i++) {
            targets.get(i).observe(elapsedNs, nowNs);
            shares.get(i).rise(seconds);
        }
    }

    /** Whether any new connection may be left out. */
    public boolean isOn() {
        return percent() < ALL_PERCENT;
    }

    /** What is copied of the new connections to each target. */
    public List<CopiedShare> shares() {
        return shares;
    }

    // ------------------------------------------------------------------------------------------------- client packets

    /** Takes a packet of a connection that is left out, all its parts; returns whether it is one. */
    public boolean takes(ClientPacket packet, long nowNs) {
        ShedPair pair = pairs.get(packet.flow());
        if (pair == null) {
            return false;
        }
        packet.firstPart();
        if (packet.isSyn() && pair.isOver() && !pair.isOpenedBy(packet)) {
            pairs.remove(pair);
            return false;
        }
        if (pairs.take(pair, packet, nowNs)) {
            context.count(SessionCounter.SHED);
        }
        return true;
    }

    /** Whether a connection to a target, if it begins now, is one of those that are left out. */
    public boolean chooses(Flow captured, KnownTarget target) {
        return !shares.get(target.number()).has(captured) && !pairs.areFull();
    }

    /** Leaves out the connection that begins with a packet, and all parts of that. */
    public void leaveOut(ClientPacket first, long nowNs) {
        context.count(SessionCounter.SHED);
        pairs.add(first, nowNs);
    }

    // ------------------------------------------------------------------------------------------------------------ time

    /** When {@link #runDue} is wanted. */
    public long nextDeadlineNs() {
        return pairs.nextDeadlineNs();
    }

    /** Forgets connections that are over. */
    public void runDue(long nowNs) {
        pairs.expireDue(nowNs);
    }

    // --------------------------------------------------------------------------------------------------------- numbers

    /** How many connections are left out now. */
    public int size() {
        return pairs.size();
    }

    /** How much memory they take, in bytes. */
    public long bytes() {
        return pairs.bytes();
    }

    /** Which part of the new connections is copied, in percent: to the target of which it is the smallest. */
    public int percent() {
        int least = ALL_PERCENT;
        for (int i = 0; i < shares.size(); i++) {
            least = Math.min(least, shares.get(i).percent());
        }
        return least;
    }
}
