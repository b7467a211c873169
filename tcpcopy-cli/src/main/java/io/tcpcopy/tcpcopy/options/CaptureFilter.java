package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Transfer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What to capture. Of what this host sends only that is taken whose destination a transfer names: a gateway forwards requests,
 * but what another tcpcopy on the host sends is no request, wherever it goes.
 *
 * @param expression in pcap-filter(7) syntax
 * @param outgoing which of the packets that this host sends are taken, in the same syntax; empty for none
 * @param allNamed whether each transfer names the address of its online server, so that the expression says all
 */
record CaptureFilter(String expression, String outgoing, boolean allNamed) {
    /** A filter that the user gave. */
    static CaptureFilter given(String expression, List<Transfer> transfers) {
        String outgoing = transfers.stream()
                .map(Transfer::online)
                .filter(online -> !online.address().isAny())
                .map(CaptureFilter::destination)
                .distinct()
                .collect(Collectors.joining(" or "));
        boolean allNamed = transfers.stream()
                .noneMatch(transfer -> transfer.online().address().isAny());
        return new CaptureFilter(expression, outgoing, allNamed);
    }

    /**
     * The filter that follows from the transfers: what goes to the online side of each. Where an online address is left open,
     * the copies would match as well, so what goes to a target is left out; and so is what belongs to other parts, but for IPv6, of
     * which it is only said that it is not copied.
     */
    static CaptureFilter derive(Protocol protocol, List<Transfer> transfers, Part part) {
        CaptureFilter whole = derive(protocol, transfers);
        if (part.equals(Part.ALL)) {
            return whole;
        }
        String ofPart = "(ip6 or " + part.filter(protocol.filter() + "[0:2]") + ")";
        return new CaptureFilter("(" + whole.expression + ") and " + ofPart, whole.outgoing, whole.allNamed);
    }

    private static CaptureFilter derive(Protocol protocol, List<Transfer> transfers) {
        Set<String> online = new LinkedHashSet<>();
        Set<String> targets = new LinkedHashSet<>();
        for (Transfer transfer : transfers) {
            online.add(destination(transfer.online()));
            targets.add(destination(transfer.target()));
        }
        CaptureFilter filter = given(protocol.filter() + " and (" + String.join(" or ", online) + ")", transfers);
        // A target that is another transfer's online server is meant to be captured.
        targets.removeAll(online);
        if (filter.allNamed || targets.isEmpty()) {
            return filter;
        }
        String withoutTargets = filter.expression + " and not (" + String.join(" or ", targets) + ")";
        return new CaptureFilter(withoutTargets, filter.outgoing, false);
    }

    /** Whether nothing that this host sends is taken. */
    boolean inboundOnly() {
        return !allNamed && outgoing.isEmpty();
    }

    /** For a capture that sees both directions, and is told by {@link #inboundOnly} if only one is wanted. */
    String forBothDirections() {
        return allNamed || inboundOnly() ? expression : "(" + expression + ") and (inbound or " + outgoing + ")";
    }

    private static String destination(Endpoint end) {
        String anywhere = "dst port " + end.port();
        return end.address().isAny() ? anywhere : "(dst host " + end.address() + " and " + anywhere + ")";
    }
}
