package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.util.stream.Collectors;

/**
 * What is copied, and how.
 *
 * @param session how sessions are replayed; for datagrams, only what concerns a packet by itself has an effect
 * @param inject how packets leave for the targets
 * @param memoryLimitBytes how much memory the process may occupy before it gives up
 */
public record CopySettings(Settings session, InjectSettings inject, long memoryLimitBytes) {
    /** What is copied and where to, in the form of {@code -x}, without Ethernet addresses. */
    String transferText() {
        String all = session.transfers().stream().map(CopySettings::text).collect(Collectors.joining(","));
        return session.part().equals(Part.ALL) ? all : all + " (part " + session.part() + ")";
    }

    private static String text(Transfer transfer) {
        Endpoint online = transfer.online();
        String from = online.address().isAny() ? Integer.toString(online.port()) : online.toString();
        return from + "-" + transfer.target();
    }
}
