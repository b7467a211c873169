package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Capabilities;
import io.tcpcopy.doctor.firewall.Firewall;
import io.tcpcopy.doctor.firewall.LeavingPacket;
import io.tcpcopy.doctor.firewall.RuleSet;
import io.tcpcopy.doctor.firewall.RuleSet.Hit;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.inject.route.TargetPath;
import io.tcpcopy.tcpcopy.options.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** How packets for each target leave, and which rules of this host's firewall they meet on that way. */
final class WayOutCheck {
    private final InjectSettings inject;
    private final String protocol;
    private final Capabilities capabilities;
    private final Supplier<Firewall> firewall;

    /**
     * For the targets of a copy.
     *
     * @param firewall asked for where rules count
     */
    WayOutCheck(InjectSettings inject, Protocol protocol, Capabilities capabilities, Supplier<Firewall> firewall) {
        this.inject = inject;
        this.protocol = protocol.name().toLowerCase(Locale.ROOT);
        this.capabilities = capabilities;
        this.firewall = firewall;
    }

    /**
     * What is found about them.
     *
     * @param paths one for each address that there is a route to; none where frames have addresses that the user gave
     */
    List<Finding> findings(List<Endpoint> targets, List<TargetPath> paths) {
        List<Finding> findings = new ArrayList<>();
        for (Endpoint target : targets) {
            if (inject.frames().isPresent()) {
                String device = inject.frames().get().device();
                findings.add(Finding.ok(
                        Code.WAY_OUT,
                        "copies to " + target + " leave as frames on " + device + ", to the addresses of -x"));
                findings.addAll(rules(target, device, true));
            } else {
                paths.stream()
                        .filter(path -> path.hasRoute() && path.target().equals(target.address()))
                        .forEach(path -> findings.addAll(routed(target, path)));
            }
        }
        return findings;
    }

    private List<Finding> routed(Endpoint target, TargetPath path) {
        Optional<String> noFrames =
                inject.kind() == InjectKind.RAW ? Optional.of("as --inject raw says") : path.obstacle();
        List<Finding> findings = new ArrayList<>();
        if (noFrames.isEmpty()) {
            findings.add(Finding.ok(Code.WAY_OUT, "copies to " + target + " leave as frames on " + path.deviceName()));
        } else if (inject.kind() == InjectKind.FRAME) {
            findings.add(Finding.error(
                    Code.WAY_OUT,
                    "--inject frame cannot be for " + target + ": " + noFrames.get(),
                    "leave --inject out: copies then leave as IP packets through the raw socket"));
            return findings;
        } else {
            findings.add(Finding.ok(
                    Code.WAY_OUT,
                    "copies to " + target + " leave as IP packets through the raw socket: " + noFrames.get()));
        }
        findings.addAll(rules(target, path.deviceName(), noFrames.isEmpty()));
        return findings;
    }

    private List<Finding> rules(Endpoint target, String device, boolean asFrames) {
        String concerned = asFrames ? "rule for frames that leave on " + device : "firewall rule";
        if (!capabilities.netAdmin()) {
            return List.of(Finding.notChecked(
                    Code.FIREWALL_OUT,
                    "whether a " + concerned + " holds back copies to " + target
                            + " is shown to those with CAP_NET_ADMIN alone",
                    "run the doctor as root"));
        }
        RuleSet rules = firewall.get().rules(new LeavingPacket(protocol, target, device));
        List<Hit> hits = asFrames ? rules.hitsOfFrame() : rules.hits();
        if (!hits.isEmpty()) {
            return hits.stream().map(hit -> finding(target, hit, asFrames)).toList();
        }
        String seen = "no " + concerned + " holds back copies to " + target + " or changes them";
        return List.of(
                firewall.get().isWhole()
                        ? Finding.ok(Code.FIREWALL_OUT, seen)
                        : Finding.notChecked(
                                Code.FIREWALL_OUT,
                                "not all firewall rules can be read: " + seen + " among those that can",
                                "apt-get install nftables iptables"));
    }

    private Finding finding(Endpoint target, Hit hit, boolean asFrames) {
        String seen = "a firewall rule " + (hit.isCertain() ? "" : "may ") + deed(hit) + " copies to " + target + ": "
                + hit.text();
        String remedy = exception(target, hit)
                + (asFrames ? "" : "; or let copies leave as frames (--inject auto), where the way allows it");
        return hit.isCertain()
                ? Finding.error(Code.FIREWALL_OUT, seen, remedy)
                : Finding.warning(Code.FIREWALL_OUT, seen, remedy);
    }

    private static String deed(Hit hit) {
        String ending = hit.isCertain() ? "s" : "";
        return switch (hit.rule().action()) {
            case DROP -> "drop" + ending;
            case REJECT -> "reject" + ending;
            case SNAT -> "change" + ending + " the source address of";
            case DNAT -> "redirect" + ending;
            case QUEUE -> "hand" + ending + " to a program";
            case CONTINUE, ACCEPT, RETURN, JUMP, GOTO -> throw new IllegalStateException(hit.text());
        };
    }

    /** A command that lets the copies through in front of a rule. */
    private String exception(Endpoint target, Hit hit) {
        String[] place = hit.place().split(" ");
        boolean isIptables = place.length == 2;
        return isIptables
                ? "iptables -t " + place[0] + " -I " + place[1] + " -p " + protocol + " -d " + target.address()
                        + " --dport " + target.port() + " -j ACCEPT"
                : "nft insert rule " + hit.place() + " ip daddr " + target.address() + " " + protocol + " dport "
                        + target.port() + " accept";
    }
}
