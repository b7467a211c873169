package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.session.base.Settings;
import java.util.ArrayList;
import java.util.List;

/** Whether answers to the addresses of -c and -H reach intercept: a host that has one takes them for itself. */
final class ClientAddressCheck {
    private final Settings session;
    private final List<Address> intercepts;

    ClientAddressCheck(Settings session, List<Endpoint> intercepts) {
        this.session = session;
        this.intercepts = intercepts.stream().map(Endpoint::address).toList();
    }

    List<Finding> findings() {
        List<Finding> findings = new ArrayList<>();
        if (!session.loopbackClient().isAny()) {
            findings.add(finding("-H", List.of(session.loopbackClient())));
        }
        if (!session.clientAddresses().isEmpty()) {
            findings.add(finding("-c", session.clientAddresses()));
        }
        return findings;
    }

    private Finding finding(String option, List<Address> addresses) {
        return addresses.stream()
                .filter(session.ownAddresses()::contains)
                .filter(address -> isTarget(address) || !responsesStopAtTargets())
                .findFirst()
                .map(address -> Finding.error(
                        Code.OWN_ADDRESS,
                        option + " has " + address + ", an address of " + owner(address)
                                + ", which takes the target's answers for itself",
                        option + " takes addresses that no host has and that the target routes to the assistant"))
                .orElseGet(() -> Finding.ok(
                        Code.OWN_ADDRESS,
                        "none of the " + addresses.size() + " addresses of " + option
                                + " belongs to this host, a target or an intercept"));
    }

    /** Where intercept runs on each target, no answer gets as far as another host. */
    private boolean responsesStopAtTargets() {
        return intercepts.stream().allMatch(this::isTarget);
    }

    private boolean isTarget(Address address) {
        return session.targets().stream().anyMatch(target -> target.address().equals(address));
    }

    private String owner(Address address) {
        if (isTarget(address)) {
            return "a target";
        }
        return intercepts.contains(address) ? "an intercept's host" : "this host";
    }
}
