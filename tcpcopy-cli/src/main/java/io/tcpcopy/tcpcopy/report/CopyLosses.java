package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.capture.CardDrops;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Place;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.InjectionError;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.net.Errno;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.DroppedBytes;
import io.tcpcopy.session.ledger.LedgerMetric;
import io.tcpcopy.tcpcopy.returnpath.TunnelMetric;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToLongFunction;

/** The places where a copy can be lost, along the path of a packet. */
final class CopyLosses {
    /** After fewer repetitions than these, the first responses may still be in transit. */
    private static final int MIN_UNANSWERED_REPETITIONS = 3;

    /** Errors that have a place of their own. */
    private static final int[] KNOWN_ERRORS = {
        Errno.EPERM,
        Errno.EMSGSIZE,
        Errno.ENOBUFS,
        Errno.ENXIO,
        Errno.ENODEV,
        Errno.ENETDOWN,
        Errno.ENETUNREACH,
        Errno.EHOSTUNREACH,
        Errno.EACCES,
        Errno.EINVAL
    };

    /** Packets that one which was not captured may make useless: those behind it in a long request. */
    private static final int USELESS_WITHOUT_ONE = 100;
    /** Connections that a service ends, by stopping, for each one that it refuses before it runs again: few come while it does not run. */
    private static final int ENDED_FOR_ONE_REFUSED = 100;

    private CopyLosses() {}

    /** Those of datagrams, which stand alone: nothing comes back. */
    static List<Place> ofDatagrams() {
        List<Place> places = new ArrayList<>(capture());
        places.addAll(injection());
        return places;
    }

    /** The full queue of the tunnel. */
    static Place tunnelFull() {
        return new Place(
                Code.TUNNEL_FULL,
                "the tunnel",
                "routes refused by a full queue",
                "intercept does not read: look at its host and the network to it",
                counts -> counts.get(TunnelMetric.ROUTES_REFUSED),
                counts -> counts.get(TunnelMetric.ROUTES_REFUSED) + counts.get(SessionCounter.SENT_SYNS));
    }

    /** All of them, causes before what follows from them. */
    static List<Place> places() {
        List<Place> capture = capture();
        List<Place> injection = injection();
        Place nothingBack = new Place(
                        Code.NOTHING_COMES_BACK,
                        "the way back",
                        "what was sent without any response",
                        "see with tcpdump whether the target gets packets with the clients' addresses (firewall, rp_filter,"
                                + " anti-spoofing), answers, and routes the answers to the assistant; then intercept's log",
                        counts -> isWithoutResponse(counts) ? counts.get(SessionCounter.SENT) : 0,
                        counts -> counts.get(SessionCounter.SENT))
                .behind(injection);
        Place fromElsewhere = new Place(
                Code.ANSWERED_ELSEWHERE,
                "the way back",
                "responses from addresses that -x does not name",
                "--dnat for both programs if the target answers from another address; else a narrower -F of intercept",
                counts -> counts.get(SessionCounter.RESPONSES_NOT_OF_TARGET),
                counts -> counts.get(SessionCounter.RESPONSES));
        Place withoutIntercept = payload(
                Code.INTERCEPT_UNREACHABLE,
                "the tunnel",
                "payload without an intercept",
                "see whether intercept runs, its port can be reached, and its --allow and its mode take this tcpcopy",
                DropReason.NO_ROUTE,
                DropReason.NO_INTERCEPT);
        List<Place> beforeAnswers = new ArrayList<>(injection);
        beforeAnswers.add(withoutIntercept);
        beforeAnswers.add(nothingBack);
        beforeAnswers.add(fromElsewhere);

        List<Place> places = new ArrayList<>(capture);
        places.add(new Place(
                        Code.GAPS,
                        "gaps in what clients sent",
                        "payload never captured, or useless without what was not",
                        "what the kernel dropped before shows here as well (capture kernel drops); else capture on every device that"
                                + " clients come in on (-i any), on both ways if routing is asymmetric, and where offloading shows"
                                + " all packets",
                        counts ->
                                counts.get(SessionCounter.MISSING_BYTES) + counts.get(new DroppedBytes(DropReason.GAP)),
                        counts -> counts.get(LedgerMetric.CAPTURED_BYTES) + counts.get(SessionCounter.MISSING_BYTES))
                .behind(lostPackets(), USELESS_WITHOUT_ONE));
        places.add(tunnelFull());
        places.add(withoutIntercept);
        places.add(payload(
                Code.NO_PORT,
                "source ports",
                "payload for which no port was free",
                "give more addresses with -c, or a smaller -n",
                DropReason.NO_PORT));
        places.addAll(injection);
        places.add(nothingBack);
        places.add(fromElsewhere);
        Place unanswered = payload(
                        Code.HANDSHAKES_UNANSWERED,
                        "handshakes",
                        "payload of unanswered handshakes",
                        "see whether the target is up and not overloaded (listen queue), whether its firewall or rp_filter"
                                + " drops SYNs, and whether its route for all clients leads to the assistant",
                        DropReason.NO_ANSWER)
                .behind(beforeAnswers);
        places.add(unanswered);
        Place refused = payload(
                Code.TARGET_REFUSES,
                "handshakes",
                "payload of refused handshakes",
                CopySymptoms.START_SERVICE,
                DropReason.REFUSED);
        places.add(refused);
        Place silent = payload(
                        Code.TARGET_SILENT,
                        "responses",
                        "payload of sessions whose target fell silent (-t)",
                        "look at the service on the target and at its log",
                        DropReason.TIMEOUT)
                .behind(beforeAnswers);
        places.add(silent);
        places.add(payload(
                        Code.TARGET_ENDS_EARLY,
                        "the target",
                        "payload, because it closes or resets connections again and again",
                        "look at the service on the target: its log, its limits of connections and requests",
                        DropReason.CLOSED,
                        DropReason.REQUEST_CUT)
                .behind(List.of(withoutIntercept, unanswered, refused, silent), USELESS_WITHOUT_ONE));
        EarlyEnd.places().forEach(place -> places.add(place.behind(List.of(refused), ENDED_FOR_ONE_REFUSED)));
        places.add(payload(
                Code.TARGET_SLOW,
                "pacing",
                "payload of clients that gave up, or used their port again, before the copy was as far",
                "the target is slower than the online server: a faster one, or -W",
                DropReason.CLIENT_RESET,
                DropReason.REUSED));
        places.add(payload(
                Code.STRAGGLERS,
                "stragglers",
                "payload numbered below the connection that is copied",
                "capture on one side of the client's path: these are of a connection before, whose copy was over",
                DropReason.FORMER_CONNECTION));
        places.add(payload(
                Code.SHED,
                "overload",
                "payload of connections that were left out, since not all can be copied",
                "see what the log calls narrow; several processes with --part, a smaller -n or -r, a faster target",
                DropReason.SHED));
        places.add(payload(
                Code.MEMORY,
                "memory",
                "payload beyond the memory budget",
                "a larger -m, a smaller -r or -n; see why the target does not take it",
                DropReason.MEMORY));
        places.add(payload(
                Code.FAULT,
                "this program",
                "payload of sessions that a fault of it has ended",
                "report the error in the log, with what stands behind it",
                DropReason.FAULT));
        places.add(payload(
                Code.STOPPED,
                "the end",
                "payload under way when tcpcopy was stopped",
                "nothing, if that was intended; else see the last lines of the log",
                DropReason.STOPPED));
        return places;
    }

    /** What is dropped before it can be read: by the network card, then by the kernel. */
    static List<Place> drops() {
        ToLongFunction<MetricSnapshot> seen =
                counts -> Arrays.stream(Verdict.values()).mapToLong(counts::get).sum();
        return List.of(
                CardDrops.place(seen),
                new Place(
                        Code.KERNEL_DROPS,
                        "the capture",
                        "packets dropped by the kernel",
                        "tcpcopy reads too slowly: raise -B, capture less with -F or -i, lower -n, or a faster machine",
                        counts -> counts.get(CaptureMetric.KERNEL_DROPS),
                        counts -> counts.get(CaptureMetric.KERNEL_DROPS) + seen.applyAsLong(counts)));
    }

    private static List<Place> capture() {
        List<Place> places = new ArrayList<>(lostPackets());
        places.addAll(otherClients());
        return places;
    }

    /** What is missing between other packets of the same client. */
    private static List<Place> lostPackets() {
        List<Place> places = new ArrayList<>(drops());
        places.add(captured(
                Code.CAPTURED_SHORT,
                Verdict.TRUNCATED,
                "packets captured short",
                "raise -S, or what the program that wrote the capture file has for it"));
        places.add(captured(
                Code.FRAGMENTS,
                Verdict.FRAGMENT,
                "packets that are IP fragments, which are not copied",
                "capture them put together with --capture raw, or see why clients' packets are fragmented: a narrow"
                        + " MTU on their way"));
        return places;
    }

    /** What is copied of no connection of a client. */
    private static List<Place> otherClients() {
        return List.of(
                new Place(
                        Code.IPV6,
                        "the capture",
                        "packets of IPv6, which is not copied",
                        "only clients that use IPv4 are copied; put 'ip and' before the filter of -F if these are no requests",
                        counts -> counts.get(CaptureMetric.IPV6),
                        counts -> counts.get(CaptureMetric.IPV6) + counts.get(Verdict.TAKEN)),
                captured(
                        Code.LOOPBACK_CLIENTS,
                        Verdict.LOOPBACK_CLIENT,
                        "packets from 127.0.0.1, which no target can answer",
                        "give the address to use instead with -H"),
                captured(
                        Code.OWN_ADDRESS,
                        Verdict.OWN_ADDRESS,
                        "packets from addresses of this host, a target or an intercept, where no answer could come back",
                        "give the addresses to use instead with -c"),
                captured(
                        Code.NOT_LOCAL,
                        Verdict.NOT_LOCAL,
                        "packets of other hosts, while the target is on loopback",
                        "name a target on another host with -x"));
    }

    private static Place captured(Code code, Verdict verdict, String what, String remedy) {
        return new Place(
                code,
                "the capture",
                what,
                remedy,
                counts -> counts.get(verdict),
                counts -> counts.get(verdict) + counts.get(Verdict.TAKEN));
    }

    /** What does not leave. */
    static List<Place> injection() {
        Place silent = injected(
                Code.NEXT_HOP_SILENT,
                "packets held back, because the next hop does not answer on the link",
                "see whether the target and its link are up (ip neighbour)",
                counts -> counts.get(InjectCounter.NEXT_HOP_SILENT));
        Place noRoute = injected(
                Code.NO_ROUTE_TO_TARGET,
                "packets held back, because there is no route to the target",
                "see ip link (is the device up?) and ip route get for the target",
                counts -> counts.get(InjectCounter.NO_ROUTE));
        Place closed = injected(
                Code.FIREWALL_OUT,
                "packets held back or refused, because they would not leave this host as they are",
                "the log says what was seen: see the firewall's OUTPUT and NAT rules and the connection tracking table",
                counts -> counts.get(InjectCounter.TARGET_CLOSED) + counts.get(new InjectionError(Errno.EPERM)));
        Place queue = injected(
                Code.DEVICE_FULL,
                "packets that the kernel had no room for",
                "look at the device and its queue",
                counts -> counts.get(InjectCounter.DROPPED));
        List<Place> refused = List.of(
                refused(
                        Code.INJECTION_REFUSED,
                        "longer than the device's MTU",
                        "give -M that MTU if this goes on",
                        Errno.EMSGSIZE),
                refused(
                        Code.DEVICE_FULL,
                        "dropped by the device's queue",
                        "a longer txqueuelen, a faster link, or a lower -n",
                        Errno.ENOBUFS),
                refused(
                        Code.NO_ROUTE_TO_TARGET,
                        "without device or route",
                        "see ip link and ip route get for the target",
                        Errno.ENXIO,
                        Errno.ENODEV,
                        Errno.ENETDOWN,
                        Errno.ENETUNREACH),
                refused(
                        Code.NO_ROUTE_TO_TARGET,
                        "which a route of the online host forbids",
                        "see ip route get for the target",
                        Errno.EHOSTUNREACH,
                        Errno.EACCES,
                        Errno.EINVAL),
                injected(
                        Code.INJECTION_REFUSED,
                        "packets refused by the kernel",
                        "see the error in the log",
                        CopyLosses::refusedOtherwise));
        List<Place> places = new ArrayList<>(List.of(silent, noRoute, closed));
        places.addAll(refused);
        places.add(queue);
        return places;
    }

    private static long refusedOtherwise(MetricSnapshot counts) {
        return counts.get(InjectCounter.FAILED)
                - Arrays.stream(KNOWN_ERRORS)
                        .mapToObj(InjectionError::new)
                        .mapToLong(counts::get)
                        .sum();
    }

    private static Place refused(Code code, String what, String remedy, int... errnos) {
        return injected(
                code,
                "packets " + what,
                remedy,
                counts -> Arrays.stream(errnos)
                        .mapToObj(InjectionError::new)
                        .mapToLong(counts::get)
                        .sum());
    }

    private static Place injected(Code code, String what, String remedy, ToLongFunction<MetricSnapshot> lost) {
        return new Place(
                code,
                "injection",
                what,
                remedy,
                lost,
                counts -> Arrays.stream(InjectCounter.values())
                        .mapToLong(counts::get)
                        .sum());
    }

    /** Of the payload that was delivered or lost, what was dropped for these reasons. */
    private static Place payload(Code code, String name, String what, String remedy, DropReason... reasons) {
        return new Place(
                code,
                name,
                what,
                remedy,
                counts -> Arrays.stream(reasons)
                        .map(DroppedBytes::new)
                        .mapToLong(counts::get)
                        .sum(),
                CopyLosses::decidedBytes);
    }

    private static long decidedBytes(MetricSnapshot counts) {
        return counts.get(LedgerMetric.DELIVERED_BYTES)
                + Arrays.stream(DropReason.values())
                        .filter(DropReason::isLoss)
                        .map(DroppedBytes::new)
                        .mapToLong(counts::get)
                        .sum();
    }

    private static boolean isWithoutResponse(MetricSnapshot counts) {
        return counts.get(SessionCounter.RESPONSES) == 0
                && counts.get(SessionCounter.RETRANSMITTED) >= MIN_UNANSWERED_REPETITIONS;
    }
}
