package io.tcpcopy.session;

import java.util.List;

/** The different addresses and ports that requests are copied to, each known by an index. There are few. */
final class Targets {
    /** No target has this address and port. */
    static final int NONE = -1;

    private final List<Transfer> distinct;

    Targets(List<Transfer> transfers) {
        distinct = transfers.stream()
                .map(transfer -> new Transfer(0, 0, transfer.targetAddress(), transfer.targetPort()))
                .distinct()
                .toList();
    }

    /** The index of a target, or {@link #NONE}. */
    int indexOf(int address, int port) {
        for (int index = 0; index < distinct.size(); index++) {
            Transfer target = distinct.get(index);
            if (target.targetAddress() == address && target.targetPort() == port) {
                return index;
            }
        }
        return NONE;
    }
}
