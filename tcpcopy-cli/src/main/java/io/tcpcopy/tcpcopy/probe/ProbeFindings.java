package io.tcpcopy.tcpcopy.probe;

import static java.util.Comparator.comparing;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Findings;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** Says in words what has become of the handshakes, and which leg of the way has failed. */
final class ProbeFindings {
    private static final double NS_PER_MS = 1e6;

    private final ReturnPathSettings returnPath;
    private final List<Tunnel> tunnels;
    private final List<Handshake> handshakes;
    private final UnsentFindings unsent;

    /**
     * Of handshakes that are over.
     *
     * @param nextHop the next hop on the way to a target; empty where there is no route
     */
    ProbeFindings(
            ReturnPathSettings returnPath,
            List<Tunnel> tunnels,
            List<Handshake> handshakes,
            Function<Address, Optional<NextHop>> nextHop) {
        this.returnPath = returnPath;
        this.tunnels = tunnels;
        this.handshakes = handshakes;
        unsent = new UnsentFindings(nextHop);
    }

    /** All of them, by parts of the way. */
    Findings all() {
        TunnelFindings ofTunnels = new TunnelFindings(returnPath.onTargets());
        List<Finding> all = new ArrayList<>();
        tunnels.forEach(tunnel -> all.add(ofTunnels.of(tunnel)));
        handshakes.forEach(handshake -> all.add(of(handshake)));
        handshakes.stream()
                .map(Handshake::target)
                .distinct()
                .forEach(target -> ofForeignSources(target).ifPresent(all::add));
        all.sort(comparing(Finding::code));
        return new Findings(all);
    }

    private Finding of(Handshake handshake) {
        return handshake.isFromOwnAddress() ? ofOwnAddress(handshake) : ofClientAddress(handshake);
    }

    private Finding ofClientAddress(Handshake handshake) {
        return switch (handshake.outcome()) {
            case ANSWERED -> Finding.ok(Code.NOTHING_COMES_BACK, handshake + ": answered" + after(handshake));
            case REFUSED -> refused(handshake);
            case ELSEWHERE ->
                Finding.error(
                        Code.ANSWERED_ELSEWHERE,
                        handshake + ": answered by " + handshake.answerer() + after(handshake),
                        "name that address and port as the target in -x, or give --dnat to both programs where the address"
                                + " alone differs");
            case OTHER_CONNECTION ->
                Finding.warning(
                        Code.TARGET_IGNORES_RESETS,
                        handshake + ": the target keeps an older connection of this address and port",
                        "probe again, which takes another port; if it is so again, see sysctl net.ipv4.tcp_rfc1337 on "
                                + handshake.target().address());
            case NOT_SENT -> unsent.of(handshake);
            case NOT_TRIED ->
                Finding.notChecked(
                        Code.NOTHING_COMES_BACK,
                        handshake + ": not tried, since no intercept is connected",
                        "see the tunnel below");
            case SILENT -> silent(handshake);
            case WAITING, FAILED -> throw new IllegalStateException(handshake + " is not over");
        };
    }

    private Finding ofOwnAddress(Handshake handshake) {
        return switch (handshake.outcome()) {
            case ANSWERED ->
                Finding.ok(
                        Code.TARGET_REFUSES,
                        handshake + ": accepts an ordinary connection of this host" + after(handshake));
            case REFUSED -> refused(handshake);
            case SILENT ->
                isAnsweredByNobodyElse(handshake.target())
                        ? Finding.notChecked(
                                Code.TARGET_FIREWALL,
                                handshake + ": no answer to an ordinary connection of this host, which intercept"
                                        + " --traditional on the target keeps back",
                                "probe clients' addresses alone")
                        : unsent.ofSilent(handshake);
            case FAILED -> unsent.ofFailed(handshake);
            case WAITING, NOT_TRIED, NOT_SENT, ELSEWHERE, OTHER_CONNECTION ->
                throw new IllegalStateException(handshake + " is an ordinary connection");
        };
    }

    /** An intercept on the target itself lets nothing of the port out. */
    private boolean isAnsweredByNobodyElse(Endpoint target) {
        return returnPath.intercepts().stream()
                .anyMatch(intercept -> intercept.address().equals(target.address()));
    }

    private static Finding refused(Handshake handshake) {
        Endpoint target = handshake.target();
        return Finding.error(
                Code.TARGET_REFUSES,
                handshake + ": refused (RST)" + after(handshake),
                "see on " + target.address() + " whether something listens there (ss -ltn 'sport = :" + target.port()
                        + "'); if so, a firewall resets connections (scripts/doctor-target)");
    }

    private Finding silent(Handshake handshake) {
        if (tunnels.stream().allMatch(tunnel -> tunnel.trouble().isPresent())) {
            return Finding.notChecked(
                    Code.NOTHING_COMES_BACK,
                    handshake + ": sent, but intercept was lost before an answer could come",
                    "see the tunnel below");
        }
        Address client = handshake.client();
        Endpoint target = handshake.target();
        return Finding.error(
                Code.NOTHING_COMES_BACK,
                handshake
                        + ": no answer within 1 s: the target did not get the SYN, did not answer it, or its answer did"
                        + " not reach intercept",
                "on " + target.address() + ", run scripts/doctor-target, and tcpdump -ni any 'tcp port " + target.port()
                        + " and host " + client
                        + "' while you probe again. No SYN: something on the way drops it. A SYN"
                        + " alone: firewall, reverse-path filter, or no route to " + client
                        + ". A SYN-ACK: ip route get " + client
                        + " must lead to intercept's host, and its -F and -i must take it");
    }

    /**
     * What an ordinary connection of this host shows beside clients' addresses: the target is there and serves, so that what is
     * wrong has to do with the addresses. That alone does not tell the way there from the way back.
     */
    private Optional<Finding> ofForeignSources(Endpoint target) {
        Optional<Handshake> own = to(target)
                .filter(Handshake::isFromOwnAddress)
                .filter(handshake -> handshake.outcome() == Outcome.ANSWERED)
                .findFirst();
        List<Handshake> foreign =
                to(target).filter(handshake -> !handshake.isFromOwnAddress()).toList();
        boolean allSilent = foreign.stream().allMatch(handshake -> handshake.outcome() == Outcome.SILENT);
        if (own.isEmpty() || foreign.isEmpty() || !allSilent) {
            return Optional.empty();
        }
        return Optional.of(Finding.warning(
                Code.FOREIGN_SOURCES_DROPPED,
                target + " accepts " + own.get().client()
                        + ", an address of this host, and answers no client's: something on"
                        + " the way drops foreign sources, unless it is the way back that is broken",
                "if tcpdump on " + target.address() + " shows no SYN of "
                        + foreign.get(0).client()
                        + ", have the switch, hypervisor or cloud between let foreign sources pass (anti-spoofing, port"
                        + " security, source/destination check), or copy with addresses that pass (-c)"));
    }

    private Stream<Handshake> to(Endpoint target) {
        return handshakes.stream().filter(handshake -> handshake.target().equals(target));
    }

    private static String after(Handshake handshake) {
        return String.format(Locale.ROOT, " after %.1f ms", handshake.roundTripNs() / NS_PER_MS);
    }
}
