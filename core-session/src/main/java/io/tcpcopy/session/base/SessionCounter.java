package io.tcpcopy.session.base;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What the sessions count besides the {@link io.tcpcopy.session.ledger.Ledger}. */
public enum SessionCounter implements Metric {
    SESSIONS(
            "sessions_total",
            "Sessions begun, those included that wait until the one before of their client's address and port is over; not those"
                    + " whose clients have not gone on behind a SYN that looks like another one's."),
    RELEASED("sessions_released_total", "Sessions removed for good."),
    OBSOLETE(
            "sessions_obsolete_total",
            "Sessions ended by a gap, behind which they may have begun anew, by time or by overload."),
    CONNECTIONS("target_connections_total", "Target connections established: SYN-ACK seen."),
    RESPONSES("responses_total", "Response packets."),
    RESPONSES_WITH_PAYLOAD("responses_with_payload_total", "Response packets with payload."),
    RESPONSE_FINS("response_fins_total", "FINs from the target."),
    RESPONSE_RESETS("response_resets_total", "RSTs from the target."),
    RESPONSES_NOT_FITTING(
            "responses_not_fitting_total", "Responses left over from earlier connections: they fit no session."),
    RESPONSES_NOT_OF_TARGET(
            "responses_not_of_target_total", "Responses from addresses and ports that are none of a target."),
    RESPONSES_WITHOUT_SESSION("responses_without_session_total", "Responses whose client and target no session has."),
    RESPONSES_TWICE("responses_twice_total", "Responses captured twice."),
    RESPONSES_MALFORMED("responses_malformed_total", "Response records without a valid header."),
    SENT("sent_packets_total", "Packets sent to the target, of any kind."),
    SENT_WITH_PAYLOAD("sent_packets_with_payload_total", "Packets with payload sent to the target for the first time."),
    SENT_SYNS("sent_syns_total", "SYNs sent for the first time."),
    SENT_FINS("sent_fins_total", "FINs sent for the first time."),
    SENT_RESETS("sent_resets_total", "RSTs sent."),
    RECONNECTS("reconnects_total", "Further connections of sessions whose target had closed before all was said."),
    STARTED_MID_STREAM(
            "sessions_started_mid_stream_total",
            "Sessions started in the middle of a connection, or begun anew behind a gap."),
    RETRANSMITTED("retransmitted_packets_total", "Packets repeated to the target."),
    RETRANSMITTED_BYTES("retransmitted_payload_bytes_total", "Payload bytes repeated to the target."),
    /** Of more than {@link #LONG_SEGMENT} bytes. */
    REPEATED_IN_VAIN_LONG(Labelled.repeatedInVain("long")),
    REPEATED_IN_VAIN_SHORT(Labelled.repeatedInVain("short")),
    LONG_TAKEN(
            "long_packets_taken_total",
            "Packets of clients with more than 1,200 bytes of payload that the target has acknowledged."),
    PROGRESS_AFTER_RETRANSMISSION("progress_after_retransmission_total", "Progress seen after a repetition."),
    WINDOW_PROBES("window_probes_total", "Window probes sent."),
    CLIENT_SYNS("client_syns_total", "SYNs of clients."),
    CLIENT_PACKETS(
            "client_packets_total", "Packets of clients, but for pure ACKs of connections that are established."),
    CLIENT_PACKETS_WITH_PAYLOAD("client_packets_with_payload_total", "Packets of clients with payload."),
    CLIENT_RETRANSMISSIONS("client_retransmissions_total", "Packets that clients repeated."),
    CLIENT_TWICE(
            "client_packets_twice_total",
            "Client packets that came twice: captured on several devices, or doubled by the network."),
    CLIENT_WITHOUT_SESSION("client_packets_without_session_total", "Client packets without a session that start none."),
    CLIENT_CONFLICTS(
            "client_conflicts_total",
            "Packets of clients that repeat bytes with other content: one of the two is not what the server took."),
    CLIENT_RESETS_NOT_BELIEVED(
            "client_resets_not_believed_total",
            "RSTs of clients' addresses and ports that are not numbered where the client is: no TCP would end for them."),
    CLIENT_SYNS_NOT_BELIEVED(
            "client_syns_not_believed_total",
            "SYNs of the addresses and ports of live connections whose clients did not go on behind them."),
    MISSING_BYTES("client_missing_bytes_total", "Bytes that clients sent and the capture never saw."),
    RESPONSE_NOT_AWAITED(
            "response_not_awaited_total",
            "Requests sent although the response before was not complete: the target had been silent for too long."),
    RESPONSE_WITHOUT_END(
            "response_without_end_total",
            "Requests sent, and connections closed, although the target still answered: for too long."),
    GREETING_NOT_AWAITED(
            "greeting_not_awaited_total",
            "First payloads sent although the target had not greeted for too long, which is sooner where the client began"
                    + " another connection."),
    PORT_CHANGED("sessions_port_changed_total", "Sessions that got another source port than wanted: it was taken."),
    PAIR_LEFT(
            "sessions_pair_left_total",
            "Sessions that went on from another source port, since the target did not give up an older connection."),
    SUCCESSOR_REPLACED(
            "successors_replaced_total",
            "Connections from a client's address and port that a further one replaced before they began: too many waited."),
    RECONNECTS_GIVEN_UP(
            "sessions_reconnect_given_up_total", "Sessions given up since the target closed again and again."),
    /** A server that speaks first, or PostgreSQL's first message: most of these begin with a login. */
    ENDED_EARLY_LOGIN(Labelled.endedEarly("login")),
    ENDED_EARLY_TLS(Labelled.endedEarly("tls")),
    /** The copy began in the middle of the client's connection: what came before, a login for instance, the target never got. */
    ENDED_EARLY_MID_STREAM(Labelled.endedEarly("unseen")),
    /** Mostly a limit of the target's, such as how many requests a connection may have. */
    ENDED_EARLY_OTHER(Labelled.endedEarly("other")),
    REQUESTS_UNANSWERED(
            "requests_unanswered_total",
            "Requests that the target acknowledged, and whose connection it ended before a byte of an answer: nobody knows whether it"
                    + " has read them. Of several that a late copy sent together it is an estimate."),
    REQUESTS_SENT_AGAIN(
            "requests_sent_again_total",
            "Requests sent over a further connection, since the target had ended the one before without taking them."),
    REFUSED("sessions_refused_total", "Sessions not started or given up: the target refused them."),
    UNANSWERED("sessions_unanswered_total", "Sessions given up: the SYN was never answered."),
    SHED("sessions_left_out_total", "Connections of clients that were left out, since not all could be copied."),
    NO_ROUTE(
            "sessions_no_route_total",
            "Sessions not started: no intercept took the route. A connection is tried at its SYN, and again at a request."),
    NO_PORT("sessions_no_port_total", "Sessions not started: no source port was free."),
    NO_OTHER_PORT(
            "sessions_no_other_port_total",
            "Sessions given up: the target did not give up an older connection, and no other source port was free.");

    /**
     * Payload of a segment in bytes: shorter ones get through where the MTU is too small on the way, longer ones do not. IPv6's least MTU,
     * 1,280, is what tunnels have at least.
     */
    public static final int LONG_SEGMENT = 1200;

    private final Description description;

    SessionCounter(String name, String help) {
        this(new Description(name, help));
    }

    SessionCounter(Description description) {
        this.description = description;
    }

    /** Of one name, told apart by a label. */
    private static final class Labelled {
        static Description endedEarly(String firstBytes) {
            return new Description(
                    "target_connections_ended_early_total",
                    "Target connections that the target ended although their clients went on, by what the first bytes tell: the"
                            + " login of a protocol, TLS, none that were seen since the copy began later, or anything else.",
                    "first_bytes",
                    firstBytes);
        }

        static Description repeatedInVain(String length) {
            return new Description(
                    "segments_repeated_in_vain_total",
                    "Repetitions of segments with payload, from the third in a row on that nothing new was acknowledged before, by"
                            + " length: long is above 1,200 bytes.",
                    "length",
                    length);
        }
    }

    @Override
    public Description description() {
        return description;
    }
}
