package io.tcpcopy.capture;

/**
 * A source that was in use gives no more packets, because its device went down or was removed. The message is one line
 * for the log, without a full stop.
 */
public final class SourceLostException extends Exception {
    private static final long serialVersionUID = 1L;

    /** A source that is lost for a reason of its own. */
    public SourceLostException(String message) {
        super(message);
    }

    /** A source that is read although it is closed. */
    public static SourceLostException closed(String name) {
        return new SourceLostException("the capture on " + name + " is closed");
    }

    /** A source that is lost because a library failed. */
    public SourceLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
