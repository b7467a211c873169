package io.tcpcopy.intercept.report;

import io.tcpcopy.metrics.Description;
import io.tcpcopy.metrics.Metric;

/** What intercept counts. */
public enum InterceptCounter implements Metric {
    TCP("captured_tcp_packets_total", "TCP packets captured."),
    RESPONSES("responses_total", "TCP packets captured that can be forwarded."),
    INVALID(
            "captured_invalid_packets_total",
            "Packets whose IPv4 or TCP header is impossible or was not captured in full."),
    NOT_TCP("captured_not_tcp_packets_total", "Packets of other protocols."),
    FRAGMENTS(
            "captured_fragments_total",
            "Fragments: a later part has no TCP header, and the first does not tell the length."),
    BAD_CHECKSUM(
            "captured_bad_checksum_packets_total",
            "Packets that were damaged on their way, as far as their checksums tell: what was captured in part is not judged."),
    ROUTES_ADDED("routes_added_total", "Route messages taken."),
    ROUTES_DELETED("routes_deleted_total", "Routes that their tcpcopy gave up."),
    ROUTES_EXPIRED(
            "routes_expired_total",
            "Routes removed because their time was over, without their tcpcopy having given them up."),
    ROUTES_EVICTED("routes_evicted_total", "Routes removed because there were too many."),
    ROUTED("responses_routed_total", "Responses with a route, at once or after a delay."),
    /** A SYN or RST while no tcpcopy was connected, with --single; otherwise these wait for a route. */
    NOT_ROUTED_SYN_RST("syn or rst"),
    /** A FIN. */
    NOT_ROUTED_FIN("fin"),
    /** With payload. */
    NOT_ROUTED_PAYLOAD("payload"),
    /** An acknowledgement alone. */
    NOT_ROUTED_ACK("ack"),
    DELAYED("responses_delayed_total", "SYN and RST responses that had to wait for a route."),
    DELAYED_SENT("responses_delayed_sent_total", "Delayed responses that went when their route came."),
    DELAYED_EXPIRED("responses_delayed_expired_total", "Delayed responses for which no route came in time."),
    DELAYED_OVERWRITTEN("responses_delayed_overwritten_total", "Delayed responses that were replaced by later ones."),
    BATCHES("tunnel_batches_total", "Batches handed to connections."),
    RECORDS_DROPPED("tunnel_records_dropped_total", "Records that a full queue or a lost connection cost."),
    CONNECTIONS("tunnel_connections_accepted_total", "Connections of tcpcopys, those included that have ended."),
    CONNECTIONS_REFUSED("tunnel_connections_refused_total", "Connections that were one too many."),
    CONNECTIONS_NOT_ALLOWED("tunnel_connections_not_allowed_total", "Connections from addresses that may not connect."),
    CONNECTIONS_REPLACED(
            "tunnel_connections_replaced_total",
            "Connections that announced no version and were closed because another needed their place.");

    private final Description description;

    InterceptCounter(String name, String help) {
        description = new Description(name, help);
    }

    /** Responses without a route that were not kept, by kind. */
    InterceptCounter(String kind) {
        description = new Description(
                "responses_not_routed_total", "Responses without a route that were not kept, by kind.", "kind", kind);
    }

    @Override
    public Description description() {
        return description;
    }
}
