package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.session.base.Transfer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What to capture.
 *
 * @param expression in pcap-filter(7) syntax
 * @param inboundOnly whether what this host sends is left out
 */
record CaptureFilter(String expression, boolean inboundOnly) {
    /** A filter that the user gave: it alone decides. */
    static CaptureFilter given(String expression) {
        return new CaptureFilter(expression, false);
    }

    /**
     * The filter that follows from the transfers: what goes to the online side of each. Where an online address is left open,
     * the copies would match as well, so what this host sends and what goes to a target is left out.
     */
    static CaptureFilter derive(Protocol protocol, List<Transfer> transfers) {
        boolean anyAddress = transfers.stream()
                .anyMatch(transfer -> transfer.online().address().isAny());
        Set<String> online = new LinkedHashSet<>();
        Set<String> targets = new LinkedHashSet<>();
        for (Transfer transfer : transfers) {
            online.add(destination(transfer.online()));
            targets.add(destination(transfer.target()));
        }
        String expression = protocol.filter() + " and (" + String.join(" or ", online) + ")";
        // A target that is another transfer's online server is meant to be captured.
        targets.removeAll(online);
        if (anyAddress && !targets.isEmpty()) {
            expression += " and not (" + String.join(" or ", targets) + ")";
        }
        return new CaptureFilter(expression, anyAddress);
    }

    private static String destination(Endpoint end) {
        String anywhere = "dst port " + end.port();
        return end.address().isAny() ? anywhere : "(dst host " + end.address() + " and " + anywhere + ")";
    }
}
