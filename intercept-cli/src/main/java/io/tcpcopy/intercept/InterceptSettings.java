package io.tcpcopy.intercept;

import io.tcpcopy.capture.PcapSettings;
import io.tcpcopy.net.Endpoint;
import java.util.List;

/**
 * What the command line of intercept asks for, checked.
 *
 * @param captures what to capture, one for each device
 * @param listen where to wait for tcpcopy; address 0 stands for all addresses
 * @param maxBatch most records of a batch
 * @param expectedRoutes how many routes to make room for at once
 * @param routeTimeoutNs how long a route is kept that no response uses
 */
record InterceptSettings(
        List<PcapSettings> captures, Endpoint listen, int maxBatch, int expectedRoutes, long routeTimeoutNs) {}
