package io.tcpcopy.capture;

/** A capture file cannot be read on: it is cut off in the middle of a record, or damaged. The message says which and why. */
public final class DamagedFileException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
