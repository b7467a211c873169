package io.tcpcopy.inject;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What became of packets that were to be injected: each that is not queued any more is counted once. */
public enum InjectCounter implements Metric {
    /** Handed to the kernel. */
    SENT("sent"),
    /**
     * Dropped because the target's next hop did not answer on the link, so that the kernel would have answered the
     * client. None is kept until the next hop answers again: the sessions repeat what was not acknowledged.
     */
    NEXT_HOP_SILENT("next hop silent"),
    /** Dropped because there is no route to the target, or its device is down: as above. */
    NO_ROUTE("no route"),
    /**
     * Dropped because what is sent to the target does not leave this host as it is, so that clients could hear of it: see the
     * log. None is kept either.
     */
    TARGET_CLOSED("target closed"),
    /** Dropped because the kernel took nothing for too long: the queue was full, or the program ended. */
    DROPPED("dropped by full queue"),
    /** Refused by the kernel; {@link InjectionError} says why. */
    FAILED("failed");

    private final String text;

    InjectCounter(String text) {
        this.text = text;
    }

    /** The name in logs. */
    public String text() {
        return text;
    }

    @Override
    public Description description() {
        return new Description(
                "injected_packets_total", "Packets for targets, by what became of them on this host.", "result", text);
    }
}
