package io.tcpcopy.inject.frame;

import java.util.List;

/**
 * How to inject Ethernet frames.
 *
 * @param device name of the device that they leave on
 * @param routes one for each target
 */
public record FrameSettings(String device, List<FrameRoute> routes) {}
