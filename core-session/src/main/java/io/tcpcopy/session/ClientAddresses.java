package io.tcpcopy.session;

import java.util.List;

/**
 * The addresses that stand for the clients' own (-c), handed out in turn. One real address always gets the same one; what
 * was chosen is kept by a fold of the address to 16 bits, so it takes no more memory with more clients.
 */
final class ClientAddresses {
    private static final int FOLDS = 1 << 16;

    private final int[] addresses;
    private final short[] chosen;
    private int handedOut;

    ClientAddresses(List<Integer> addresses) {
        this.addresses = addresses.stream().mapToInt(Integer::intValue).toArray();
        this.chosen = this.addresses.length == 0 ? new short[0] : new short[FOLDS];
    }

    /**
     * The address that a copy of a client's connection uses.
     *
     * @param copy 0 for the first
     */
    int of(int clientAddress, int copy) {
        if (addresses.length == 0) {
            return clientAddress;
        }
        int fold = (clientAddress >>> Short.SIZE) + clientAddress & FOLDS - 1;
        if (chosen[fold] == 0) {
            handedOut++;
            chosen[fold] = (short) ((handedOut - 1) % addresses.length + 1);
        }
        return addresses[(chosen[fold] - 1 + copy) % addresses.length];
    }
}
