package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.inject.route.TargetPath;
import java.util.ArrayList;
import java.util.List;

/** Whether there is a way to each target: a route, a next hop that answers, and how long packets may be on it. */
final class TargetPathCheck {
    private TargetPathCheck() {}

    /**
     * What is found about them.
     *
     * @param mtu the longest packet that -M allows, in bytes
     */
    static List<Finding> findings(List<TargetPath> paths, int mtu) {
        List<Finding> findings = new ArrayList<>();
        for (TargetPath path : paths) {
            findings.add(route(path));
            if (path.hasRoute() && !path.isLocal()) {
                findings.add(nextHop(path));
                findings.add(longPackets(path, mtu));
            }
        }
        return findings;
    }

    private static Finding route(TargetPath path) {
        if (!path.hasRoute()) {
            return Finding.error(
                    Code.NO_ROUTE_TO_TARGET,
                    "this host has no route to " + path.target(),
                    "ip route add " + path.target() + " via GATEWAY; \"ip route get " + path.target()
                            + "\" shows whether it is there");
        }
        return Finding.ok(Code.NO_ROUTE_TO_TARGET, path.target() + " is reached by " + path.deviceName() + via(path));
    }

    private static String via(TargetPath path) {
        return path.nextHop().equals(path.target().toString()) ? "" : " via " + path.nextHop();
    }

    private static Finding nextHop(TargetPath path) {
        String hop = "the next hop to " + path.target() + ", " + path.nextHopOnDevice();
        return path.answers()
                ? Finding.ok(Code.NEXT_HOP_SILENT, hop + ", answers")
                : Finding.error(
                        Code.NEXT_HOP_SILENT,
                        hop + ", does not answer on the link: nothing is injected until it does",
                        "is that host up, and the address right? ip neigh show " + path.nextHop());
    }

    private static Finding longPackets(TargetPath path, int mtu) {
        return path.mtu() < mtu
                ? Finding.warning(
                        Code.LONG_PACKETS_LOST,
                        "the path to " + path.target() + " takes packets of " + path.mtu() + " bytes, and -M allows "
                                + mtu + ": longer ones are cut",
                        "-M " + path.mtu() + ", if that is meant")
                : Finding.ok(
                        Code.LONG_PACKETS_LOST,
                        path.deviceName() + " takes packets of " + path.mtu() + " bytes to " + path.target()
                                + ", and -M allows " + mtu);
    }
}
