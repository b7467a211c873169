package io.tcpcopy.tcpcopy.simulation;

/** What can be particular about a connection: several come together. */
enum Behaviour {
    PIPELINED("pipelined"),
    SERVER_SPEAKS_FIRST("server speaks first"),
    SERVER_CLOSES("server closes first"),
    HALF_CLOSE("half-close"),
    LONG_UPLOAD("long upload"),
    LONG_DOWNLOAD("long download"),
    ENDLESS_RESPONSE("response without end"),
    BREAKS_OFF("download broken off"),
    BEYOND_4_GIB("more than 4 GiB of responses"),
    LONG_REQUEST("request of more than 2 GiB"),
    PUSHES("server pushes"),
    SCHEDULED("requests on a schedule"),
    CLIENT_RESETS("client resets"),
    CLIENT_VANISHES("client vanishes"),
    IDLE("idle for long"),
    PORT_REUSED("port reused"),
    TARGET_CLOSES_EARLY("target closes early"),
    TARGET_CLOSES_AFTER_RESPONSE("target closes after a response"),
    TARGET_RESETS("target resets"),
    SLOW_TARGET("slow target"),
    CLOSED_WINDOW("closed window"),
    NO_TIMESTAMPS("without timestamps"),
    NO_WINDOW_SCALE("without window scale"),
    SEQUENCE_WRAP("sequence wrap"),
    MID_STREAM("mid-stream"),
    HANDSHAKE_UNSEEN("handshake's third step not captured"),
    KEEPALIVE("keepalive");

    private final String label;

    Behaviour(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
