package io.tcpcopy.session.base;

/** What the sessions count besides the {@link io.tcpcopy.session.ledger.Ledger}. */
public enum SessionCounter {
    /** Sessions begun, those included that wait until the one before of their client's address and port is over. */
    SESSIONS,
    /** Sessions removed for good. */
    RELEASED,
    /** Sessions ended by a gap, by time or by overload. */
    OBSOLETE,
    /** Target connections established: SYN-ACK seen. */
    CONNECTIONS,
    /** Response packets. */
    RESPONSES,
    /** Response packets with payload. */
    RESPONSES_WITH_PAYLOAD,
    /** FINs from the target. */
    RESPONSE_FINS,
    /** RSTs from the target. */
    RESPONSE_RESETS,
    /** Responses left over from earlier connections: they fit no session. */
    RESPONSES_NOT_FITTING,
    /** Responses from addresses and ports that are none of a target. */
    RESPONSES_NOT_OF_TARGET,
    /** Responses whose client and target no session has. */
    RESPONSES_WITHOUT_SESSION,
    /** Responses captured twice. */
    RESPONSES_TWICE,
    /** Response records without a valid header. */
    RESPONSES_MALFORMED,
    /** Packets sent to the target, of any kind. */
    SENT,
    /** Packets with payload sent to the target for the first time. */
    SENT_WITH_PAYLOAD,
    /** SYNs sent for the first time. */
    SENT_SYNS,
    /** FINs sent for the first time. */
    SENT_FINS,
    /** RSTs sent. */
    SENT_RESETS,
    /** Further connections of sessions whose target had closed before all was said. */
    RECONNECTS,
    /** Sessions started mid-stream. */
    STARTED_MID_STREAM,
    /** Packets repeated to the target. */
    RETRANSMITTED,
    /** Progress seen after a repetition. */
    PROGRESS_AFTER_RETRANSMISSION,
    /** Window probes sent. */
    WINDOW_PROBES,
    /** SYNs of clients. */
    CLIENT_SYNS,
    /** Packets of clients. */
    CLIENT_PACKETS,
    /** Packets of clients with payload. */
    CLIENT_PACKETS_WITH_PAYLOAD,
    /** Packets that clients repeated. */
    CLIENT_RETRANSMISSIONS,
    /** Client packets captured twice, on several devices. */
    CLIENT_TWICE,
    /** Client packets without a session that start none. */
    CLIENT_WITHOUT_SESSION,
    /** Bytes that clients sent and the capture never saw. */
    MISSING_BYTES,
    /** Requests sent although the response before was not complete: the target had been silent for too long. */
    RESPONSE_NOT_AWAITED,
    /** First payloads sent although the target had not greeted: for too long, or the client began another connection. */
    GREETING_NOT_AWAITED,
    /** Sessions that got another source port than wanted: it was taken. */
    PORT_CHANGED,
    /** Connections from a client's address and port that a further one replaced before they began: too many waited. */
    SUCCESSOR_REPLACED,
    /** Sessions given up since the target closed again and again. */
    RECONNECTS_GIVEN_UP,
    /** Sessions not started or given up: the target refused them. */
    REFUSED,
    /** Sessions given up: the SYN was never answered. */
    UNANSWERED,
    /** Sessions not started: no intercept took the route. */
    NO_ROUTE,
    /** Sessions not started: no source port was free. */
    NO_PORT
}
