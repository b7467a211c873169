package io.tcpcopy.session.admit;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;
import java.util.List;

/**
 * The addresses that stand for the clients' own (-c), handed out one after the other. One real address always gets the same one; what
 * was chosen is kept by a fold of the address to 16 bits, so it takes no more memory with more clients.
 */
final class ClientAddresses {
    private static final int FOLDS = 1 << 16;

    private final List<Address> addresses;
    /** By fold of the real address: the number of the one that stands for it, from 1 on. */
    private final short[] chosen;

    private int handedOut;

    ClientAddresses(List<Address> addresses) {
        this.addresses = addresses;
        this.chosen = addresses.isEmpty() ? new short[0] : new short[FOLDS];
    }

    /**
     * Replaces the client's address by the one that a copy of its connection uses.
     *
     * @param copy 0 for the first
     */
    void replace(Flow flow, int copy) {
        if (addresses.isEmpty()) {
            return;
        }
        int fold = (flow.clientAddress() >>> Short.SIZE) + flow.clientAddress() & FOLDS - 1;
        if (chosen[fold] == 0) {
            handedOut++;
            chosen[fold] = (short) ((handedOut - 1) % addresses.size() + 1);
        }
        flow.clientAddress(addresses.get((chosen[fold] - 1 + copy) % addresses.size()));
    }
}
