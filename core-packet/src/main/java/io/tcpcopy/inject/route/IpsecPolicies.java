package io.tcpcopy.inject.route;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.PolicySocket;
import io.tcpcopy.net.netlink.PolicySocket.Policy;
import java.util.List;
import java.util.Optional;

/** The IPsec policies of this host for what leaves, by which frames would pass unencrypted. */
public final class IpsecPolicies implements AutoCloseable {
    /** Null where the kernel knows nothing of IPsec. */
    private final PolicySocket socket;
    /** Empty where the kernel does not tell. */
    private Optional<List<Policy>> policies = Optional.of(List.of());

    /** Looks for the first time. */
    public IpsecPolicies() {
        socket = open();
        lookAgain();
    }

    private static PolicySocket open() {
        try {
            return new PolicySocket();
        } catch (StartException e) {
            // The kernel was built without it, so there is nothing to pass by.
            return null;
        }
    }

    /**
     * Looks at them again.
     *
     * @return whether they have changed
     */
    public boolean lookAgain() {
        if (socket == null) {
            return false;
        }
        Optional<List<Policy>> before = policies;
        policies = socket.outgoing();
        return !policies.equals(before);
    }

    /** Whether the kernel tells what there is: those with CAP_NET_ADMIN alone. */
    public boolean areKnown() {
        return policies.isPresent();
    }

    /** Whether one may apply to packets for an address. */
    public boolean cover(Address address) {
        return policies.stream().flatMap(List::stream).anyMatch(policy -> policy.covers(address));
    }

    @Override
    public void close() {
        if (socket != null) {
            socket.close();
        }
    }
}
