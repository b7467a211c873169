package io.tcpcopy.intercept.routing;

/** A place for a response record that waits for its route. */
final class DelayedRecord extends FlowEntry<DelayedRecord> {
    /** Where the record stands in the delay table's memory, in bytes. */
    final int offset;
    /** Whether the response was an RST. */
    boolean reset;
    /** The record of the same connection that came after this one, or null. */
    DelayedRecord later;

    DelayedRecord(int offset) {
        this.offset = offset;
    }
}
