package io.tcpcopy.inject.route;

import io.tcpcopy.flow.Address;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.PolicySocket;
import io.tcpcopy.net.netlink.PolicySocket.Policy;
import java.util.List;
import java.util.Optional;

/** The IPsec policies of this host for what leaves, by which frames would pass unencrypted. */
public final class IpsecPolicies implements AutoCloseable {
    /** Empty where the kernel knows nothing of IPsec. */
    private final Optional<PolicySocket> socket;
    /** Empty where the kernel does not tell. */
    private Optional<List<Policy>> policies = Optional.of(List.of());

    /**
     * Looks for the first time.
     *
     * @throws StartException when the kernel cannot be asked, although it may have some
     */
    public IpsecPolicies() throws StartException {
        socket = PolicySocket.open();
        lookAgain();
    }

    /**
     * Looks at them again.
     *
     * @return whether they have changed
     */
    public boolean lookAgain() {
        if (socket.isEmpty()) {
            return false;
        }
        Optional<List<Policy>> before = policies;
        policies = socket.get().outgoing();
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
        socket.ifPresent(PolicySocket::close);
    }
}
