package io.tcpcopy.session;

import io.tcpcopy.packet.Ipv4Address;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Which captured packets are taken, and as whose: the filter behind the capture's own. */
final class Admission {
    private static final int ALL = 100;

    private final Settings settings;
    private final List<Transfer> transfers;
    private final Targets targets;
    private final ClientAddresses addresses;
    private long firstTakenNs = SessionContext.NEVER;

    private int transferIndex;
    /** The client's address, or the one that stands for 127.0.0.1. */
    private int address;

    Admission(Settings settings, Targets targets) {
        this.settings = settings;
        this.transfers = settings.transfers();
        this.targets = targets;
        this.addresses = new ClientAddresses(settings.clientAddresses());
    }

    /**
     * Says whether a packet that was parsed is taken.
     *
     * @param nowNs the time of the turn, for a percentage that rises
     */
    Verdict judge(int source, int sourcePort, int destination, int destinationPort, long nowNs) {
        boolean toTarget = targets.contains(destination, destinationPort);
        transferIndex = indexOfTransfer(destination, destinationPort, toTarget);
        if (transferIndex < 0) {
            return toTarget ? Verdict.TO_TARGET : Verdict.NO_TRANSFER;
        }
        if (transfer().targetAddress() == Ipv4Address.LOOPBACK && source != Ipv4Address.LOOPBACK) {
            return Verdict.NOT_LOCAL;
        }
        boolean isReplaced = source == Ipv4Address.LOOPBACK && settings.loopbackClient() != Ipv4Address.ANY;
        address = isReplaced ? settings.loopbackClient() : source;
        int clientAddress = clientAddress(0);
        if (clientAddress == Ipv4Address.LOOPBACK && transfer().targetAddress() != Ipv4Address.LOOPBACK) {
            return Verdict.LOOPBACK_CLIENT;
        }
        if (!isSampled(clientAddress, sourcePort, nowNs)) {
            return Verdict.NOT_SAMPLED;
        }
        if (firstTakenNs == SessionContext.NEVER) {
            firstTakenNs = nowNs;
        }
        return Verdict.TAKEN;
    }

    /** Index of the transfer of the packet that was taken last. */
    int transferIndex() {
        return transferIndex;
    }

    /** The transfer of the packet that was taken last. */
    Transfer transfer() {
        return transfers.get(transferIndex);
    }

    /**
     * The address that a copy of the packet that was taken last uses towards the target.
     *
     * @param copy 0 for the first
     */
    int clientAddress(int copy) {
        return addresses.of(address, copy);
    }

    /** A user's filter may let our own output in: what goes to a target is taken only if a transfer names it online. */
    private int indexOfTransfer(int destination, int destinationPort, boolean toTarget) {
        for (int index = 0; index < transfers.size(); index++) {
            Transfer transfer = transfers.get(index);
            boolean addressMatches =
                    transfer.onlineAddress() == destination || transfer.onlineAddress() == Ipv4Address.ANY && !toTarget;
            if (addressMatches && transfer.onlinePort() == destinationPort) {
                return index;
            }
        }
        return -1;
    }

    /**
     * A connection is copied whole or not at all: the choice depends on its address and port alone. But for a percentage
     * that rises: who is left out at first is copied from some packet on, which starts a session mid-stream (unless only
     * whole sessions are wanted). To tell these from connections that are older than the program would take memory for
     * each connection that is not copied.
     */
    private boolean isSampled(int clientAddress, int port, long nowNs) {
        int percentage = percentage(nowNs);
        if (percentage >= ALL) {
            return true;
        }
        int hash = (clientAddress * 31 + port) * 0x9E3779B9;
        return Integer.remainderUnsigned(hash ^ hash >>> Short.SIZE, ALL) < percentage;
    }

    private int percentage(long nowNs) {
        int ceiling = settings.percentage();
        if (!settings.gradually()) {
            return ceiling;
        }
        long seconds = firstTakenNs == SessionContext.NEVER ? 0 : TimeUnit.NANOSECONDS.toSeconds(nowNs - firstTakenNs);
        return (int) Math.min(ceiling, 1 + seconds);
    }
}
