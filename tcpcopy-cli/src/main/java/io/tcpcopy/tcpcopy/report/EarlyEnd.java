package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Place;
import io.tcpcopy.diagnosis.Symptom.State;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.session.base.SessionCounter;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Why a target may end connections that their clients go on using, as their first bytes tell. All that was said may have been delivered,
 * and nothing have come of it, so this is told beside what was lost.
 */
enum EarlyEnd {
    /** A login that is refused: the target knows other accounts. */
    LOGIN(
            SessionCounter.ENDED_EARLY_LOGIN,
            "a login that it refuses",
            "see whether the target knows the accounts and passwords of the online server, then its log"),
    /** Keys that differ. */
    TLS(
            SessionCounter.ENDED_EARLY_TLS,
            "TLS, whose keys are others in each connection",
            "copy behind what ends TLS: on the proxy's way to the service"),
    /** Nothing was seen of the beginning, without which the target does not know what to do with the rest. */
    MID_STREAM(
            SessionCounter.ENDED_EARLY_MID_STREAM,
            "a login that they had made before tcpcopy saw them, or a limit of requests or of time",
            "see the target's log; after logins leave such connections out with -O and have their clients connect anew"),
    /** Anything else. */
    OTHER(
            SessionCounter.ENDED_EARLY_OTHER,
            "a limit of requests or of time for each connection",
            "compare the target's limits (keep-alive) with those of the online server, then see its log; and whether another tcpcopy"
                    + " copies the same clients to it");

    /** Fewer, of the connections that are established, are the race between a server that closes and a client that goes on. */
    private static final double TOLERABLE_PART = 0.05;

    private final SessionCounter counter;
    private final String reason;
    private final String remedy;

    EarlyEnd(SessionCounter counter, String reason, String remedy) {
        this.counter = counter;
        this.reason = reason;
        this.remedy = remedy;
    }

    private long number(MetricSnapshot counts) {
        return counts.get(counter);
    }

    private static long all(MetricSnapshot counts) {
        return Arrays.stream(values()).mapToLong(end -> end.number(counts)).sum();
    }

    private static boolean isMuch(long number, MetricSnapshot counts) {
        return number > TOLERABLE_PART * counts.get(SessionCounter.CONNECTIONS);
    }

    /** Whether so many connections end early that it is to be told. */
    static State state(MetricSnapshot counts) {
        long all = all(counts);
        if (all == 0 && counts.get(SessionCounter.CONNECTIONS) == 0) {
            return State.UNKNOWN;
        }
        return isMuch(all, counts) ? State.BROKEN : State.WORKS;
    }

    /** What is told of all that end early, with the reason that most have. */
    static Finding finding(MetricSnapshot counts) {
        EarlyEnd most = LOGIN;
        for (EarlyEnd end : values()) {
            most = end.number(counts) > most.number(counts) ? end : most;
        }
        return Finding.warning(
                Code.TARGET_ENDS_EARLY,
                "the target has ended " + all(counts) + " connections although their clients went on, beside "
                        + counts.get(SessionCounter.CONNECTIONS) + " that were established, and "
                        + counts.get(SessionCounter.REQUESTS_SENT_AGAIN)
                        + " requests were sent again" + unanswered(counts) + ": most likely " + most.reason,
                most.remedy);
    }

    private static String unanswered(MetricSnapshot counts) {
        long number = counts.get(SessionCounter.REQUESTS_UNANSWERED);
        return number == 0 ? "" : ", " + number + " were acknowledged and never answered, so perhaps never read";
    }

    /** What is told of all since the start, where it is to be told: there may be requests that count as delivered, and were never read. */
    static Optional<Finding> ofAll(MetricSnapshot counts) {
        boolean isTold = state(counts) == State.BROKEN || counts.get(SessionCounter.REQUESTS_UNANSWERED) > 0;
        return isTold ? Optional.of(finding(counts)) : Optional.empty();
    }

    /** For each reason the connections that end, where they are too many. */
    static List<Place> places() {
        return Arrays.stream(values()).map(EarlyEnd::place).toList();
    }

    private Place place() {
        return new Place(
                Code.TARGET_ENDS_EARLY,
                "the target",
                "connections that it ends although their clients go on, most likely for " + reason,
                remedy,
                counts -> isMuch(number(counts), counts) ? number(counts) : 0,
                counts -> counts.get(SessionCounter.CONNECTIONS));
    }
}
