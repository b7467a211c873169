package io.tcpcopy.host;

/** A part of a report that cannot be read. The message is why, in a few words. */
public final class NotReadException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why it cannot. */
    public NotReadException(String reason) {
        super(reason);
    }
}
