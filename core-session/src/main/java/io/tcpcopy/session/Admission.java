package io.tcpcopy.session;

import io.tcpcopy.packet.Ipv4Address;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Which captured packets are taken, and as whose: the filter behind the capture's own. */
final class Admission {
    private static final int ALL = 100;

    private final SessionContext context;
    private final List<Transfer> transfers;
    private final Targets targets;
    private final ClientAddresses addresses;
    private long firstTakenNs = SessionContext.NEVER;

    private int transferIndex;
    private int realAddress;

    Admission(SessionContext context, Targets targets, ClientAddresses addresses) {
        this.context = context;
        this.transfers = context.settings.transfers();
        this.targets = targets;
        this.addresses = addresses;
    }

    /** Says whether a packet that was parsed is taken. */
    Verdict judge(ClientPacket packet) {
        boolean toTarget = targets.contains(packet.destinationAddress(), packet.destinationPort());
        transferIndex = indexOfTransfer(packet, toTarget);
        if (transferIndex < 0) {
            return toTarget ? Verdict.TO_TARGET : Verdict.NO_TRANSFER;
        }
        realAddress = packet.sourceAddress();
        if (transfer().targetAddress() == Ipv4Address.LOOPBACK && realAddress != Ipv4Address.LOOPBACK) {
            return Verdict.NOT_LOCAL;
        }
        if (realAddress == Ipv4Address.LOOPBACK && context.settings.loopbackClient() != Ipv4Address.ANY) {
            packet.sourceAddress(context.settings.loopbackClient());
        }
        int clientAddress = addresses.of(packet.sourceAddress(), 0);
        if (clientAddress == Ipv4Address.LOOPBACK && transfer().targetAddress() != Ipv4Address.LOOPBACK) {
            return Verdict.LOOPBACK_CLIENT;
        }
        if (!isSampled(clientAddress, packet.sourcePort())) {
            return Verdict.NOT_SAMPLED;
        }
        if (firstTakenNs == SessionContext.NEVER) {
            firstTakenNs = context.nowNs;
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

    /** The captured source address of the packet that was taken last. */
    int realAddress() {
        return realAddress;
    }

    /** A user's filter may let our own output in: what goes to a target is taken only if a transfer names it online. */
    private int indexOfTransfer(ClientPacket packet, boolean toTarget) {
        for (int index = 0; index < transfers.size(); index++) {
            Transfer transfer = transfers.get(index);
            boolean addressMatches = transfer.onlineAddress() == packet.destinationAddress()
                    || transfer.onlineAddress() == Ipv4Address.ANY && !toTarget;
            if (addressMatches && transfer.onlinePort() == packet.destinationPort()) {
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
    private boolean isSampled(int address, int port) {
        int percentage = percentage();
        if (percentage >= ALL) {
            return true;
        }
        int hash = (address * 31 + port) * 0x9E3779B9;
        return Integer.remainderUnsigned(hash ^ hash >>> Short.SIZE, ALL) < percentage;
    }

    private int percentage() {
        int ceiling = context.settings.percentage();
        if (!context.settings.gradually()) {
            return ceiling;
        }
        long seconds =
                firstTakenNs == SessionContext.NEVER ? 0 : TimeUnit.NANOSECONDS.toSeconds(context.nowNs - firstTakenNs);
        return (int) Math.min(ceiling, 1 + seconds);
    }
}
