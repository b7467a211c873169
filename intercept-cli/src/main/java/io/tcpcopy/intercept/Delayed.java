package io.tcpcopy.intercept;

/** A place for a response record that waits for its route. */
final class Delayed extends FlowEntry<Delayed> {
    /** Where the record stands in the delay table's memory. */
    final int offset;
    /** Whether the response was an RST. */
    boolean reset;

    Delayed(int offset) {
        this.offset = offset;
    }
}
