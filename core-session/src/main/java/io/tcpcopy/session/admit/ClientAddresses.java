package io.tcpcopy.session.admit;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;
import java.util.List;

/** The addresses that stand for the clients' own (-c). One real address always gets the same one, whoever copies it. */
final class ClientAddresses {
    private static final int MULTIPLIER = 0x9E3779B9;

    private final List<Address> addresses;

    ClientAddresses(List<Address> addresses) {
        this.addresses = addresses;
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
        int first = (flow.clientAddress() * MULTIPLIER >>> Short.SIZE) % addresses.size();
        flow.clientAddress(addresses.get((first + copy) % addresses.size()));
    }
}
