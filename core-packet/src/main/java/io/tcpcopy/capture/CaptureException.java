package io.tcpcopy.capture;

/** A capture cannot begin. The message is one sentence for the person who started the program. */
public final class CaptureException extends Exception {
    private static final long serialVersionUID = 1L;

    /** Why a capture cannot begin. */
    public enum Reason {
        /** There is no device of that name, or it carries nothing that IPv4 can be found in. */
        UNUSABLE_DEVICE,
        /** The file is not there, is no capture file, or holds nothing that IPv4 can be found in. */
        UNUSABLE_FILE,
        /** libpcap does not understand the filter. */
        INVALID_FILTER,
        /** The kernel does not capture in this way, or lacks the memory for it. */
        UNSUPPORTED,
        /** The process lacks a privilege. */
        NOT_PERMITTED,
        /** Anything else, in libpcap's words. */
        FAILED
    }

    private final Reason reason;

    /**
     * A capture that cannot begin.
     *
     * @param message one sentence for the user, without a full stop
     */
    public CaptureException(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    /** Why the capture cannot begin. */
    public Reason reason() {
        return reason;
    }
}
