package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.MemorySource;
import java.nio.ByteBuffer;
import java.util.function.IntPredicate;

/** A target behind a network that loses what a test says, either way. */
final class LossyTarget {
    final MemoryTarget target = new MemoryTarget(this::respond);
    /** Which of the packets for the target are lost, by their number. */
    IntPredicate packetsLost = number -> false;
    /** Which of its responses are. */
    IntPredicate responsesLost = number -> false;
    /** Where its responses are captured. */
    MemorySource responses;

    private int packetNumber;
    private int responseNumber;

    void receive(ByteBuffer packet) {
        if (!packetsLost.test(packetNumber++)) {
            target.receive(packet);
        }
    }

    private void respond(ByteBuffer packet) {
        if (!responsesLost.test(responseNumber++)) {
            responses.capture(packet);
        }
    }

    /** Responses of the target so far, those lost included. */
    int numberOfResponses() {
        return responseNumber;
    }
}
