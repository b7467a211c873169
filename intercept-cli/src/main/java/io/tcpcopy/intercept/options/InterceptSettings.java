package io.tcpcopy.intercept.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.queue.QueueSettings;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.options.Errand;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.List;
import java.util.Optional;

/**
 * What the command line of intercept asks for, checked.
 *
 * @param captures what to capture, one for each device
 * @param queue what to take from a queue instead, with nothing to capture
 * @param listen where to wait for tcpcopy; address 0 stands for all addresses
 * @param allowed who may connect there
 * @param mode how tcpcopy is spoken to
 * @param keepsFirst whether a tcpcopy that is served alone stays when another one comes
 * @param maxBatch most records of a batch
 * @param container an address that stands for a client's
 * @param expectedRoutes how many routes to make room for at once
 * @param routeTimeoutNs how long a route is kept that no response uses
 * @param metrics where it shows itself while it runs; empty for nowhere
 * @param errand what the program does instead of capturing
 * @param lifeCycle how the process lives
 */
public record InterceptSettings(
        List<CaptureSettings> captures,
        Optional<QueueSettings> queue,
        Endpoint listen,
        AllowList allowed,
        TunnelMode mode,
        boolean keepsFirst,
        int maxBatch,
        ContainerAddress container,
        int expectedRoutes,
        long routeTimeoutNs,
        Optional<Endpoint> metrics,
        Optional<Errand> errand,
        LifeCycleSettings lifeCycle) {}
