package io.tcpcopy.intercept.report;

/** What intercept counts. */
public enum InterceptCounter {
    /** TCP packets captured. */
    TCP,
    /** Those of them that can be forwarded. */
    RESPONSES,
    /** Packets whose IPv4 or TCP header is impossible or was not captured in full. */
    INVALID,
    /** Packets of other protocols. */
    NOT_TCP,
    /** Fragments: a later part has no TCP header, and the first does not tell the length. */
    FRAGMENTS,
    /** Route messages taken. */
    ROUTES_ADDED,
    /** Routes that their tcpcopy gave up. */
    ROUTES_DELETED,
    /** Routes removed because their time was over. */
    ROUTES_EXPIRED,
    /** Routes removed because there were too many. */
    ROUTES_EVICTED,
    /** Responses with a route, at once or after a delay. */
    ROUTED,
    /** Responses that went nowhere: a SYN or RST while no tcpcopy was connected, with --single. */
    NOT_ROUTED_SYN_RST,
    /** Responses without a route that were not kept: a FIN. */
    NOT_ROUTED_FIN,
    /** Responses without a route that were not kept: with payload. */
    NOT_ROUTED_PAYLOAD,
    /** Responses without a route that were not kept: an acknowledgement alone. */
    NOT_ROUTED_ACK,
    /** SYN and RST responses that had to wait for a route. */
    DELAYED,
    /** Those of them that went when the route came. */
    DELAYED_SENT,
    /** Those for which no route came in time. */
    DELAYED_EXPIRED,
    /** Those that were replaced by later ones. */
    DELAYED_OVERWRITTEN,
    /** Batches handed to connections. */
    BATCHES,
    /** Records that a full queue or a lost connection cost. */
    RECORDS_DROPPED,
    /** Connections of tcpcopys, those included that have ended. */
    CONNECTIONS,
    /** Connections that were one too many. */
    CONNECTIONS_REFUSED,
    /** Connections from addresses that may not connect. */
    CONNECTIONS_NOT_ALLOWED,
    /** Connections that announced no version and were closed because another needed their place. */
    CONNECTIONS_REPLACED
}
