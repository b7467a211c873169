package io.tcpcopy.session.ledger;

/** Why captured payload was not delivered to the target. */
public enum DropReason {
    /** The same bytes were captured before: the client repeated them. */
    DUPLICATE("duplicate", "the client repeated it: nothing is missing at the target", false),
    /** The part of a packet that overlaps with bytes captured before. */
    OLD_PART("cut-off old part", "the client repeated it: nothing is missing at the target", false),
    /**
     * Numbered below the session's SYN: of a former connection of the client's address and port, which has not had them as
     * far as is known.
     */
    FORMER_CONNECTION("former connection", "it belongs to an earlier connection of its client"),
    /** The client had closed before them. */
    BEHIND_FIN("behind FIN", "its client had closed before", false),
    /** Behind bytes that the capture never saw. */
    GAP("gap", "the capture did not see all that the client sent"),
    /** The rest of a request of which the target had taken a part when its connection ended, or of which the beginning was dropped. */
    REQUEST_CUT("request cut", "the target closed in the middle of a request, or its beginning was lost"),
    /** No intercept could be told the route. */
    NO_ROUTE("no route", "no intercept was connected"),
    /** No source port was free towards the target. */
    NO_PORT("no port", "no source port was free"),
    /** The target refused the connection. */
    REFUSED("refused", "the target refused the connection"),
    /** The target did not answer the SYN. */
    NO_ANSWER("no answer", "the target did not answer the SYN, or the answer did not come back"),
    /** The target did not respond any more. */
    TIMEOUT("timeout", "the target fell silent"),
    /** The target closed again and again without taking anything. */
    CLOSED("closed by target", "the target closed again and again"),
    /** The client reset its connection before these bytes could be sent. */
    CLIENT_RESET("reset by client", "the client reset its connection before the copy was as far"),
    /** The client used its address and port again before these bytes could be sent. */
    REUSED("pair reused", "the client used its port again before the copy was as far"),
    /** Its whole connection was left out, since not all could be copied. */
    SHED("shed", "not all can be copied: whole connections are left out"),
    /** The memory budget was used up. */
    MEMORY("memory", "the memory budget was used up"),
    /** No intercept could be reached for too long. */
    NO_INTERCEPT("no intercept", "no intercept was reachable for too long"),
    /** A fault of this program ended the session. */
    FAULT("fault", "a fault of this program ended the session"),
    /** The program was stopped. */
    STOPPED("stopped", "tcpcopy was stopped");

    private final String text;
    private final String because;
    private final boolean loss;

    DropReason(String text, String because) {
        this(text, because, true);
    }

    DropReason(String text, String because, boolean loss) {
        this.text = text;
        this.because = because;
        this.loss = loss;
    }

    /** The name in logs. */
    public String text() {
        return text;
    }

    /** For people: the end of a sentence that begins with "because". The status page has the same words. */
    public String because() {
        return because;
    }

    /** Whether something is missing at the target that its server would have got. */
    public boolean isLoss() {
        return loss;
    }
}
