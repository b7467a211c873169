package io.tcpcopy.net;

import io.tcpcopy.diagnosis.Code;

/** The program cannot start. The message is one sentence for the user, without a full stop; the exit status is 1. */
public final class StartException extends Exception {
    /** What helps where the kernel permits neither capturing nor injecting. */
    public static final String NET_RAW_NEEDED = "CAP_NET_RAW is needed; run as root, or give the service"
            + " AmbientCapabilities=CAP_NET_RAW in its systemd unit";

    private static final long serialVersionUID = 1;

    /**
     * A failure that the user can mend.
     *
     * @param message what could not be done, why, and what helps
     */
    public StartException(String message) {
        super(message);
    }

    /**
     * A failure that docs/diagnosis.md has more about.
     *
     * @param code where it stands there
     * @param message what could not be done, why, and what helps
     */
    public StartException(Code code, String message) {
        super(code.text() + ": " + message);
    }
}
