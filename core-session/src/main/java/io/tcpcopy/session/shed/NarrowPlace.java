package io.tcpcopy.session.shed;

/** Where not everything gets through. */
public enum NarrowPlace {
    /** Packets are captured faster than they are read. */
    CAPTURE("tcpcopy does not keep up with the capture"),
    /** Most of the time there is no room for packets to the target. */
    INJECTION("packets to it find no room on this host"),
    /** Many handshakes are not answered in time: by the target, or since answers are lost or late on the way back or in intercept. */
    HANDSHAKES("many handshakes are not answered in time, by the target, on the way back or in intercept");

    private final String text;

    NarrowPlace(String text) {
        this.text = text;
    }

    /** What is seen there, for people. */
    public String text() {
        return text;
    }
}
