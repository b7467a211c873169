package io.tcpcopy.session.admit;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.timer.TimerHeap;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Which captured packets are taken, and as whose: the filter behind the capture's own. */
public final class Admission {
    private static final int ALL = 100;

    private final Settings settings;
    private final List<Transfer> transfers;
    private final Targets targets;
    private final ClientAddresses addresses;
    private final PortShift portShift;
    /** Sorted. */
    private final int[] ownAddresses;

    /** The client's end and the target, before -c replaces the address and ports are shifted. */
    private final Flow client = new Flow();

    private final Flow firstCopy = new Flow();
    private Transfer transfer;
    private long firstTakenNs = TimerHeap.NEVER;

    /** An admission that has not taken anything yet. */
    public Admission(Settings settings, Targets targets) {
        this.settings = settings;
        this.transfers = settings.transfers();
        this.targets = targets;
        this.addresses = new ClientAddresses(settings.clientAddresses());
        this.portShift = new PortShift(settings.portShiftFactor());
        this.ownAddresses = settings.ownAddresses().stream()
                .mapToInt(Address::bits)
                .sorted()
                .toArray();
    }

    /**
     * Says whether a packet is taken, as far as its addresses and ports matter.
     *
     * @param captured who sent it to whom
     * @param nowNs the time of the turn, for a percentage that rises
     */
    public Verdict judge(Flow captured, long nowNs) {
        boolean toTarget = targets.contain(captured);
        transfer = transferOf(captured, toTarget);
        if (transfer == null) {
            return toTarget ? Verdict.TO_TARGET : Verdict.NO_TRANSFER;
        }
        if (!settings.part().has(captured)) {
            return Verdict.OTHER_PART;
        }
        client.copyFrom(captured).server(transfer.target());
        boolean targetIsLocal = client.isTo(Address.LOOPBACK);
        boolean clientIsLocal = captured.isFrom(Address.LOOPBACK);
        if (targetIsLocal && !clientIsLocal) {
            return Verdict.NOT_LOCAL;
        }
        if (clientIsLocal && !settings.loopbackClient().isAny()) {
            client.clientAddress(settings.loopbackClient());
        } else if (isOwn(client)) {
            return Verdict.OWN_ADDRESS;
        }
        addresses.replace(firstCopy.copyFrom(client), 0);
        if (firstCopy.isFrom(Address.LOOPBACK) && !targetIsLocal) {
            return Verdict.LOOPBACK_CLIENT;
        }
        if (!isSampled(firstCopy, nowNs)) {
            return Verdict.NOT_SAMPLED;
        }
        if (firstTakenNs == TimerHeap.NEVER) {
            firstTakenNs = nowNs;
        }
        return Verdict.TAKEN;
    }

    /** Whether the client has one of our own addresses, and keeps it. */
    private boolean isOwn(Flow flow) {
        return settings.clientAddresses().isEmpty() && Arrays.binarySearch(ownAddresses, flow.clientAddress()) >= 0;
    }

    /**
     * Writes between whom a copy of the packet that was taken last goes, unless its port is in use: the client as the
     * target is to see it, and the target. No other part has the same.
     *
     * @param copy 0 for the first
     */
    public void writeFlow(int copy, Flow flow) {
        addresses.replace(flow.copyFrom(client), copy);
        flow.clientPort(portShift.of(flow.clientPort(), copy));
        while (!settings.part().has(flow)) {
            flow.clientPort(PortShift.next(flow.clientPort()));
        }
    }

    /** From now on, all clients have other ports towards the targets than before. */
    public void shiftPorts() {
        portShift.shiftFurther();
    }

    /** A user's filter may let our own output in: what goes to a target is taken only if a transfer names it online. */
    private Transfer transferOf(Flow captured, boolean toTarget) {
        for (int index = 0; index < transfers.size(); index++) {
            Transfer candidate = transfers.get(index);
            boolean addressMatches = candidate.online().address().isAny()
                    ? !toTarget
                    : captured.isTo(candidate.online().address());
            if (addressMatches && candidate.online().port() == captured.serverPort()) {
                return candidate;
            }
        }
        return null;
    }

    /**
     * A connection is copied whole or not at all: the choice depends on its address and port alone. But for a percentage
     * that rises: who is left out at first is copied from some packet on, which starts a session mid-stream (unless only
     * whole sessions are wanted). To tell these from connections that are older than the program would take memory for
     * each connection that is not copied.
     */
    private boolean isSampled(Flow copy, long nowNs) {
        int percentage = percentage(nowNs);
        if (percentage >= ALL) {
            return true;
        }
        int hash = (copy.clientAddress() * 31 + copy.clientPort()) * 0x9E3779B9;
        return Integer.remainderUnsigned(hash ^ hash >>> Short.SIZE, ALL) < percentage;
    }

    private int percentage(long nowNs) {
        int ceiling = settings.percentage();
        if (!settings.gradually()) {
            return ceiling;
        }
        long seconds = firstTakenNs == TimerHeap.NEVER ? 0 : TimeUnit.NANOSECONDS.toSeconds(nowNs - firstTakenNs);
        return (int) Math.min(ceiling, 1 + seconds);
    }
}
