package io.tcpcopy.collect;

/** A part of a report that cannot be read. The message is why, in a few words. */
final class NotReadException extends Exception {
    private static final long serialVersionUID = 1L;

    NotReadException(String reason) {
        super(reason);
    }
}
