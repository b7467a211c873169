package io.tcpcopy.inject.frame;

/**
 * Frames cannot be injected on a device. The message is one sentence for the user who named it, without a full stop.
 */
public final class UnusableDeviceException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableDeviceException(String message) {
        super(message);
    }
}
