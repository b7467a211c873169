package io.tcpcopy.session.ledger;

/** Why captured payload was not delivered to the target. */
public enum DropReason {
    /** The same bytes were captured before: the client repeated them. */
    DUPLICATE("duplicate"),
    /** The part of a packet that overlaps with bytes captured before. */
    OLD_PART("cut-off old part"),
    /**
     * Numbered below the session's SYN: of a former connection of the client's address and port, which has not had them as
     * far as is known.
     */
    FORMER_CONNECTION("former connection"),
    /** The client had closed before them. */
    BEHIND_FIN("behind FIN"),
    /** Behind bytes that the capture never saw. */
    GAP("gap"),
    /** The rest of a request of which the target had taken a part when its connection ended. */
    REQUEST_CUT("request cut"),
    /** No intercept could be told the route. */
    NO_ROUTE("no route"),
    /** No source port was free towards the target. */
    NO_PORT("no port"),
    /** The target refused the connection. */
    REFUSED("refused"),
    /** The target did not answer the SYN. */
    NO_ANSWER("no answer"),
    /** The target did not respond any more. */
    TIMEOUT("timeout"),
    /** The target closed again and again without taking anything. */
    CLOSED("closed by target"),
    /** The client reset its connection before these bytes could be sent. */
    CLIENT_RESET("reset by client"),
    /** The client used its address and port again before these bytes could be sent. */
    REUSED("pair reused"),
    /** Its whole connection was left out, since not all could be copied. */
    SHED("shed"),
    /** The memory budget was used up. */
    MEMORY("memory"),
    /** No intercept could be reached for too long. */
    NO_INTERCEPT("no intercept"),
    /** A fault of this program ended the session. */
    FAULT("fault"),
    /** The program was stopped. */
    STOPPED("stopped");

    private final String text;

    DropReason(String text) {
        this.text = text;
    }

    /** The name in logs. */
    public String text() {
        return text;
    }
}
