package io.tcpcopy.capture;

/** A source that was in use gives no more packets, because its device went down or away. */
public final class SourceLostException extends Exception {
    private static final long serialVersionUID = 1L;

    SourceLostException(String message) {
        super(message);
    }

    SourceLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
