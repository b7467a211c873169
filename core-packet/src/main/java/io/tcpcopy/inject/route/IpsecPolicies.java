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

    /**
     * Why frames for a target would pass unencrypted, for the log; empty where they may be sent.
     *
     * @param hasHiddenMtu whether ordinary sockets have another MTU for it than route and device say: the sign of a policy where the
     *     kernel tells none, which it does to those with CAP_NET_ADMIN alone
     */
    public Optional<String> obstacle(Address target, boolean hasHiddenMtu) {
        if (policies.stream().flatMap(List::stream).anyMatch(policy -> policy.covers(target))) {
            return Optional.of("an IPsec policy applies to it");
        }
        return policies.isEmpty() && hasHiddenMtu
                ? Optional.of("its MTU is not that of its route: it seems that an IPsec policy applies to it")
                : Optional.empty();
    }

    @Override
    public void close() {
        socket.ifPresent(PolicySocket::close);
    }
}
