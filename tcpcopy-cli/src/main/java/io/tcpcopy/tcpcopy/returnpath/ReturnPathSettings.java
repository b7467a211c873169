package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.tunnel.TunnelMode;
import java.util.List;

/**
 * Where responses come from, and how.
 *
 * @param intercepts where the intercepts listen: at least one for TCP, not needed for UDP
 * @param onTargets whether nobody named them, so that one is expected on each target
 * @param connectionsPerIntercept how many connections go to each intercept, 1 to 11
 * @param mode how the intercepts are spoken to
 * @param lonely whether the program goes on while no intercept can be reached
 */
public record ReturnPathSettings(
        List<Endpoint> intercepts, boolean onTargets, int connectionsPerIntercept, TunnelMode mode, boolean lonely) {}
