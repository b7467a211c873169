package io.tcpcopy.tcpcopy.simulation;

/** What happened in a simulation, besides the behaviours. */
enum Figure {
    CONNECTIONS("connections"),
    REQUESTS("requests"),
    BYTES("bytes captured"),
    TARGET_CONNECTIONS("target connections"),
    PACKETS_LOST("packets lost"),
    PACKETS_DOUBLED("doubled"),
    PACKETS_REORDERED("reordered"),
    CAPTURES_DROPPED("captures dropped"),
    SEGMENTS_MERGED("segments merged"),
    RESPONSES_LOST("responses lost"),
    RESPONSES_MERGED("merged"),
    RESPONSES_SPLIT("of more than 64 KB"),
    AHEAD_OF_ROUTES("ahead of their routes"),
    SINK_FULL("batches without room"),
    TUNNEL_STALLS("tunnel stalls"),
    TUNNEL_READS_CUT("tunnel reads cut"),
    TUNNELS_LOST("tunnel connections lost"),
    TUNNEL_BYTES_SAVED("bytes of them that still came"),
    PAUSES("without intercept"),
    WINDOWS_CLOSED("windows closed"),
    WINDOW_PROBES("window probes of hosts"),
    KEEPALIVE_PROBES("keepalive probes"),
    TIME_WAITS_REUSED("TIME-WAITs reused"),
    RESETS_IGNORED("resets ignored in TIME-WAIT"),
    SYNS_CHALLENGED("SYNs challenged by the target"),
    NUMBERED_LOWER("reused with lower numbers"),
    PORTS_SHARED("from a port in use to another address"),
    PORTS_CHANGED("copied from another port"),
    TARGET_CLOSES("target closed"),
    TARGET_RESETS("target reset"),
    CLIENT_RESETS("clients reset"),
    STRAY_SYNS("stray SYNs"),
    RESETS_AHEAD("stray RSTs ahead"),
    RESETS_BELOW("below"),
    RESETS_BELIEVED("exact"),
    CONFLICTS("repetitions with other bytes"),
    STRAGGLERS("stragglers never captured before"),
    ECHOES("packets of connections that are over"),
    STRAYS_OF_TARGET("strays of the target"),
    UNHEARD("connections whose responses nobody hears"),
    PACKETS_DAMAGED("packets damaged"),
    CHECKSUMS_UNFILLED("checksums not filled in"),
    CHECKSUMS_WRONG("anonymous"),
    MIB_SKIPPED("MiB skipped online"),
    MIB_SKIPPED_ON_TARGET("on the target"),
    MIB_SKIPPED_UPWARDS("of requests"),
    CLOCK_STEPS("clock steps"),
    SENT_AGAIN("bytes sent again whose acknowledgement was lost"),
    NOT_DELIVERED("bytes not delivered, as the ledger says");

    private final String label;

    Figure(String label) {
        this.label = label;
    }

    String label() {
        return label;
    }
}
