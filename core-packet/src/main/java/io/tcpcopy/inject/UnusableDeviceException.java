package io.tcpcopy.inject;

/** Packets cannot be injected on a device. The message is one sentence for the person who named it. */
public final class UnusableDeviceException extends Exception {
    private static final long serialVersionUID = 1L;

    UnusableDeviceException(String message) {
        super(message);
    }
}
