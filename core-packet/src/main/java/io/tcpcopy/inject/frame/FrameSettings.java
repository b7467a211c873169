package io.tcpcopy.inject.frame;

import io.tcpcopy.flow.Address;
import java.util.List;

/**
 * How to inject Ethernet frames with addresses that are given.
 *
 * @param device name of the device that they leave on
 * @param routes one for each target
 */
public record FrameSettings(String device, List<FrameRoute> routes) {
    /**
     * The route to a target.
     *
     * @throws java.util.NoSuchElementException when there is none
     */
    FrameRoute route(Address target) {
        return routes.stream()
                .filter(route -> route.target().equals(target))
                .findFirst()
                .orElseThrow();
    }
}
