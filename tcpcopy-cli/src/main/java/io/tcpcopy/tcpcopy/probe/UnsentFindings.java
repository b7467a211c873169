package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.net.Errno;
import java.util.Optional;
import java.util.function.Function;

/** Says why packets do not get from this host to a target. */
final class UnsentFindings {
    private final Function<Address, Optional<NextHop>> nextHops;

    /** The next hop on the way to a target is empty where there is no route. */
    UnsentFindings(Function<Address, Optional<NextHop>> nextHops) {
        this.nextHops = nextHops;
    }

    /** Of a SYN that has not left. */
    Finding of(Handshake handshake) {
        Departure departure = handshake.departure();
        String seen = handshake + ": not sent: ";
        Optional<NextHop> nextHop = nextHops.apply(handshake.target().address());
        if (departure.is(InjectCounter.FAILED)) {
            return failed(handshake, seen, departure.errno());
        }
        boolean isHeldBack = departure.is(InjectCounter.NEXT_HOP_SILENT) || departure.is(InjectCounter.TARGET_CLOSED);
        if (departure.is(InjectCounter.NO_ROUTE) || isHeldBack && nextHop.isEmpty()) {
            return noRoute(handshake, seen);
        }
        if (isHeldBack) {
            return departure.is(InjectCounter.NEXT_HOP_SILENT) || !nextHop.get().answers()
                    ? nextHopSilent(seen, nextHop.get())
                    : firewall(
                            handshake,
                            seen
                                    + "this host's firewall or NAT refuses it or changes it (the log line above says what was"
                                    + " seen)");
        }
        return Finding.error(
                Code.DEVICE_FULL,
                seen + "the device takes no packets",
                "see ip -s link and tc -s qdisc"
                        + nextHop.map(hop -> " (" + hop.text() + ")").orElse(""));
    }

    /** Of an ordinary connection of this host that is not answered. */
    Finding ofSilent(Handshake handshake) {
        Optional<NextHop> nextHop = nextHops.apply(handshake.target().address());
        String seen = handshake + ": no answer to an ordinary connection of this host within 1 s";
        if (nextHop.isPresent() && !nextHop.get().answers()) {
            return nextHopSilent(seen + ": ", nextHop.get());
        }
        return targetFirewall(handshake, seen + ": the target is down, or a firewall drops it");
    }

    /** Of an ordinary connection of this host that the kernel has given up. */
    Finding ofFailed(Handshake handshake) {
        return failed(handshake, handshake + ": no ordinary connection of this host: ", handshake.errno());
    }

    private Finding failed(Handshake handshake, String seen, int errno) {
        String reason = Errno.message(errno) + " (" + Errno.name(errno) + ")";
        return switch (errno) {
            case Errno.ENETUNREACH -> noRoute(handshake, seen);
            case Errno.EPERM, Errno.EACCES -> firewall(handshake, seen + reason);
            case Errno.EHOSTUNREACH -> unreachable(handshake, seen, reason);
            default ->
                Finding.error(
                        Code.INJECTION_REFUSED,
                        seen + "the kernel refuses it: " + reason,
                        "see ip -s link, ip route get " + handshake.target().address() + " and the kernel's log");
        };
    }

    private Finding unreachable(Handshake handshake, String seen, String reason) {
        return nextHops.apply(handshake.target().address())
                .filter(hop -> !hop.answers())
                .map(hop -> nextHopSilent(seen, hop))
                .orElseGet(() -> targetFirewall(handshake, seen + reason));
    }

    private static Finding noRoute(Handshake handshake, String seen) {
        return Finding.error(
                Code.NO_ROUTE_TO_TARGET,
                seen + "there is no route",
                "add one, so that this shows it: ip route get "
                        + handshake.target().address());
    }

    private static Finding nextHopSilent(String seen, NextHop nextHop) {
        return Finding.error(
                Code.NEXT_HOP_SILENT,
                seen + "the next hop " + nextHop.text() + " does not answer ARP requests",
                "see whether that host is up and on this link: ip neighbour, ip route");
    }

    private static Finding firewall(Handshake handshake, String seen) {
        Endpoint target = handshake.target();
        return Finding.error(
                Code.FIREWALL_OUT,
                seen,
                "--inject frame passes no firewall and no NAT, where it can be had; or iptables -t raw -I OUTPUT -p tcp -d "
                        + target.address() + " --dport " + target.port()
                        + " -j NOTRACK against NAT, and a rule that accepts copies before the one that does not");
    }

    private static Finding targetFirewall(Handshake handshake, String seen) {
        return Finding.error(
                Code.TARGET_FIREWALL,
                seen,
                "run scripts/doctor-target on " + handshake.target().address());
    }
}
