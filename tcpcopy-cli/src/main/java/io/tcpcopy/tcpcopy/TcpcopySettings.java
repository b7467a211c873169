package io.tcpcopy.tcpcopy;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.daemon.LifeCycleSettings;
import io.tcpcopy.inject.FrameSettings;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.session.Settings;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What the command line of tcpcopy asks for, checked.
 *
 * @param protocol what is copied
 * @param session how sessions are replayed; of datagrams, only what concerns a packet by itself counts
 * @param intercepts where responses come from: at least one for TCP, not needed for UDP
 * @param connectionsPerIntercept how many connections go to each intercept, 1 to 11
 * @param mode how the intercepts are spoken to
 * @param lonely whether the program goes on while no intercept can be reached
 * @param captures what to capture, one for each device; none where a file is replayed
 * @param offline how a capture file is replayed
 * @param frames how Ethernet frames are injected; empty for packets through the kernel's IP layer
 * @param memoryLimitBytes how much memory the process may occupy before it gives up
 * @param lifeCycle how the process lives
 */
record TcpcopySettings(
        Protocol protocol,
        Settings session,
        List<Endpoint> intercepts,
        int connectionsPerIntercept,
        TunnelMode mode,
        boolean lonely,
        List<CaptureSettings> captures,
        Optional<OfflineSettings> offline,
        Optional<FrameSettings> frames,
        long memoryLimitBytes,
        LifeCycleSettings lifeCycle) {

    /** What is copied and where to, in the form of -x. */
    String transferText() {
        return session.transfers().stream().map(TransferReader::text).collect(Collectors.joining(","));
    }
}
