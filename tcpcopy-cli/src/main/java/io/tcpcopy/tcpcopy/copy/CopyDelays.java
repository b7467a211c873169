package io.tcpcopy.tcpcopy.copy;

import static io.tcpcopy.packet.OutgoingPacket.TIME_UNKNOWN;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Histogram;
import java.util.Arrays;

/** How late copies are: takes the time when what leaves together has left. */
final class CopyDelays {
    private static final int INITIAL = 256;

    private final Histogram histogram = new Histogram(new Description(
            "copy_delay_seconds",
            "How late copies are: from the kernel's capture of a client's payload, or from when it was due in the replay of a file,"
                    + " to the return of the call that sent it first, or would have if there were room; so the wait for what the target has to say before is part of"
                    + " it."));
    /** When each packet was captured that is about to leave. */
    private long[] capturedNs = new long[INITIAL];

    private int waiting;

    Histogram histogram() {
        return histogram;
    }

    /** A packet is about to leave; the time of its capture, in the loop's time, may be unknown. */
    void leaves(long packetCapturedNs) {
        if (packetCapturedNs == TIME_UNKNOWN) {
            return;
        }
        if (waiting == capturedNs.length) {
            capturedNs = Arrays.copyOf(capturedNs, 2 * waiting);
        }
        capturedNs[waiting++] = packetCapturedNs;
    }

    /** Whether any is about to leave. */
    boolean isAnyLeaving() {
        return waiting > 0;
    }

    /** What was about to leave has left. */
    void left(long nowNs) {
        for (int i = 0; i < waiting; i++) {
            histogram.record(Math.max(0, nowNs - capturedNs[i]));
        }
        waiting = 0;
    }
}
