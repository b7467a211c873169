package io.tcpcopy.capture.file;

/**
 * A capture file cannot be read further: it ends in the middle of a record, or is damaged. The message says where and
 * why.
 */
public final class DamagedFileException extends Exception {
    private static final long serialVersionUID = 1L;

    DamagedFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
