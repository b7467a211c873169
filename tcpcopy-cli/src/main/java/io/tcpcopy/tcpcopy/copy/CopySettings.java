package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * What is copied, and how.
 *
 * @param session how sessions are replayed; for datagrams, only what concerns a packet by itself has an effect
 * @param inject how packets leave for the targets
 * @param memoryLimitBytes how much memory the process may occupy before it gives up
 */
public record CopySettings(Settings session, InjectSettings inject, long memoryLimitBytes) {
    /** Says from where to where requests are copied: two lists, in which each has its place. */
    void addTo(Metrics metrics) {
        metrics.label("from", join(transfer -> onlineText(transfer.online())))
                .label("to", join(transfer -> transfer.target().toString()));
    }

    private String join(Function<Transfer, String> text) {
        return session.transfers().stream().map(text).collect(Collectors.joining(","));
    }

    /** What is copied and where to, in the form of {@code -x}, without Ethernet addresses. */
    public String transferText() {
        String all = join(transfer -> onlineText(transfer.online()) + "-" + transfer.target());
        return session.part().equals(Part.ALL) ? all : all + " (part " + session.part() + ")";
    }

    private static String onlineText(Endpoint online) {
        return online.address().isAny() ? Integer.toString(online.port()) : online.toString();
    }
}
