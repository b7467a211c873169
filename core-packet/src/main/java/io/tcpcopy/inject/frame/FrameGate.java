package io.tcpcopy.inject.frame;

import io.tcpcopy.inject.TargetGate;
import io.tcpcopy.inject.route.LinkPath;

/** Says how frames for the targets are addressed. */
public interface FrameGate extends TargetGate {
    /** Where frames for a target go; never null while {@link #fate} lets packets for it leave. */
    LinkPath path(int target);
}
