package io.tcpcopy.session;

import java.util.List;

/**
 * The different addresses and ports that requests are copied to. There are few. Each is known by an index; where responses
 * come from other addresses, those of one port share theirs, so that their sessions differ in the client's address or port.
 */
final class Targets {
    /** No target has this address and port. */
    static final int NONE = -1;

    private final List<Transfer> distinct;
    private final boolean dnat;

    /** The targets of transfers; see {@link Settings#dnat}. */
    Targets(List<Transfer> transfers, boolean dnat) {
        this.dnat = dnat;
        distinct = transfers.stream()
                .map(transfer -> new Transfer(0, 0, transfer.targetAddress(), transfer.targetPort()))
                .distinct()
                .toList();
    }

    /** Whether requests are copied to this address and port. */
    boolean contains(int address, int port) {
        return indexOf(address, port, true) != NONE;
    }

    /** The index of the target that is meant by this address and port, or from which responses come; or {@link #NONE}. */
    int indexOf(int address, int port) {
        return indexOf(address, port, !dnat);
    }

    private int indexOf(int address, int port, boolean byAddress) {
        for (int index = 0; index < distinct.size(); index++) {
            Transfer target = distinct.get(index);
            if (target.targetPort() == port && (!byAddress || target.targetAddress() == address)) {
                return index;
            }
        }
        return NONE;
    }
}
