package io.tcpcopy.net;

/** The program cannot start. The message is one sentence for the user, without a full stop; the exit status is 1. */
public final class StartException extends Exception {
    private static final long serialVersionUID = 1;

    /**
     * A failure that the user can mend.
     *
     * @param message what could not be done, why, and what helps
     */
    public StartException(String message) {
        super(message);
    }
}
