package io.tcpcopy.tcpcopy;

import io.tcpcopy.capture.PcapSettings;
import io.tcpcopy.daemon.LifeCycleSettings;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.session.Settings;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.List;

/**
 * What the command line of tcpcopy asks for, checked.
 *
 * @param session how sessions are replayed
 * @param intercepts where responses come from, at least one
 * @param connectionsPerIntercept how many connections go to each intercept, 1 to 11
 * @param mode how the intercepts are spoken to
 * @param lonely whether the program goes on while no intercept can be reached
 * @param captures what to capture, one for each device
 * @param memoryLimitBytes how much memory the process may occupy before it gives up
 * @param lifeCycle how the process lives
 */
record TcpcopySettings(
        Settings session,
        List<Endpoint> intercepts,
        int connectionsPerIntercept,
        TunnelMode mode,
        boolean lonely,
        List<PcapSettings> captures,
        long memoryLimitBytes,
        LifeCycleSettings lifeCycle) {}
