package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.options.Errand;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.tcpcopy.copy.CopySettings;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import java.util.List;
import java.util.Optional;

/**
 * What the command line of tcpcopy asks for, checked.
 *
 * @param protocol what is copied
 * @param copy how it is copied
 * @param returnPath where responses come from; datagrams need none
 * @param captures what to capture, one for each device; none where a file is replayed
 * @param offline how a capture file is replayed; empty where packets are captured
 * @param metrics where it shows itself while it runs; empty for nowhere
 * @param errand what the program does instead of copying
 * @param lifeCycle how the process lives
 */
public record TcpcopySettings(
        Protocol protocol,
        CopySettings copy,
        ReturnPathSettings returnPath,
        List<CaptureSettings> captures,
        Optional<OfflineSettings> offline,
        Optional<Endpoint> metrics,
        Optional<Errand> errand,
        LifeCycleSettings lifeCycle) {}
