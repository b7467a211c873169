package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.diagnosis.Symptom.State;
import io.tcpcopy.diagnosis.SymptomWatch;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/**
 * What shows in tcpcopy's numbers while a leg of the copy is broken, along the path of a packet. What is broken before a leg hides what
 * that would show: where nothing leaves, nothing can come back.
 */
public final class CopySymptoms {
    /** Of handshakes or requests: fewer fail on any network now and then. */
    private static final double MANY = 0.1;
    /** Of responses: a filter of intercept that takes other traffic as well brings some from elsewhere. */
    private static final double MOST = 0.5;

    static final String START_SERVICE =
            "start the service on the target, on the port that -x names (ss -ltn); if it runs, see whether a"
                    + " firewall there rejects what comes from clients";

    private CopySymptoms() {}

    /**
     * Those of connections.
     *
     * @param isTunnelOut whether nothing comes back of an intercept, be it one of several
     */
    public static List<Symptom> ofConnections(BooleanSupplier isTunnelOut) {
        List<Symptom> symptoms = new ArrayList<>(ofDatagrams());
        symptoms.add(Symptom.of(CopyLosses.tunnelFull()));
        RecentOutage outage = new RecentOutage();
        // This is asked in each look.
        symptoms.add(nothingComesBack().unless(lately -> {
            boolean isOut = isHeldBack(lately) || isTunnelOut.getAsBoolean();
            outage.look(isOut || isUnanswered(lately));
            return isOut;
        }));
        symptoms.add(answeredElsewhere());
        Symptom refused = refused();
        symptoms.add(refused);
        symptoms.add(overloaded().unless(lately -> isHeldBack(lately) || isSilent(lately) || outage.isRecent()));
        symptoms.add(longPacketsLost().unless(CopySymptoms::isSilent));
        symptoms.add(fallsSilent().unless(CopySymptoms::isSilent));
        // A service that stops ends its connections first.
        symptoms.add(endsEarly().unless(lately -> refused.state().apply(lately) == State.BROKEN));
        return symptoms;
    }

    /** Those of datagrams, to which nothing comes back. */
    public static List<Symptom> ofDatagrams() {
        return Stream.concat(CopyLosses.drops().stream(), CopyLosses.injection().stream())
                .map(Symptom::of)
                .toList();
    }

    /**
     * That nothing of what is to be copied is captured, from the start on; a service that nobody asks for anything later is nothing
     * unusual.
     */
    public static Symptom nothingCaptured(Metrics metrics) {
        return Symptom.of(
                Code.NOTHING_CAPTURED,
                lately -> Stream.of(Verdict.TAKEN, Verdict.NOT_SAMPLED, Verdict.OTHER_PART)
                                .anyMatch(verdict -> metrics.get(verdict) > 0)
                        ? State.WORKS
                        : State.BROKEN,
                CopySymptoms::captured,
                "see with tcpdump -ni any whether the port that -x names is asked for; then -i (the device where clients come in), -F, and"
                        + " the port and address of -x; what comes in GRE, VXLAN or the like is captured on the device that unpacks it");
    }

    private static String captured(MetricSnapshot lately) {
        List<String> refused = new ArrayList<>();
        for (Verdict verdict : Verdict.values()) {
            if (lately.get(verdict) > 0) {
                refused.add(verdict.text() + ":" + lately.get(verdict));
            }
        }
        if (lately.get(CaptureMetric.NOT_IPV4) > 0) {
            refused.add("not ipv4:" + lately.get(CaptureMetric.NOT_IPV4));
        }
        return refused.isEmpty()
                ? "nothing is captured"
                : "nothing of what is captured can be copied (" + String.join(",", refused) + ")";
    }

    private static Symptom nothingComesBack() {
        return Symptom.of(
                Code.NOTHING_COMES_BACK,
                lately -> {
                    if (!isSilent(lately)) {
                        return State.WORKS;
                    }
                    return lately.get(SessionCounter.RETRANSMITTED) > 0 ? State.BROKEN : State.UNKNOWN;
                },
                lately -> "of " + lately.get(SessionCounter.SENT) + " packets that left for the target, "
                        + lately.get(SessionCounter.RETRANSMITTED) + " of them again, not one was answered",
                "see with tcpdump whether they arrive at the target (else a firewall, rp_filter or anti-spoofing holds them up), whether"
                        + " it answers, and whether the answers arrive at the assistant (else the target's route: ip route get CLIENT;"
                        + " scripts/doctor-target there looks for both); then whether intercept still runs, and its log");
    }

    private static Symptom answeredElsewhere() {
        return Symptom.ofShare(
                Code.ANSWERED_ELSEWHERE,
                lately -> lately.get(SessionCounter.RESPONSES_NOT_OF_TARGET),
                lately -> lately.get(SessionCounter.RESPONSES) - lately.get(SessionCounter.RESPONSES_NOT_OF_TARGET),
                MOST,
                lately -> lately.get(SessionCounter.RESPONSES_NOT_OF_TARGET) + " of "
                        + lately.get(SessionCounter.RESPONSES) + " responses come from addresses that -x does not name",
                "--dnat for both programs if the target answers from another address; else a narrower -F of intercept");
    }

    private static Symptom refused() {
        return Symptom.ofShare(
                Code.TARGET_REFUSES,
                lately -> lately.get(SessionCounter.REFUSED),
                lately -> lately.get(SessionCounter.CONNECTIONS),
                MANY,
                lately -> "the target refuses " + ofHandshakes(SessionCounter.REFUSED, lately),
                START_SERVICE);
    }

    private static Symptom overloaded() {
        return Symptom.ofShare(
                Code.TARGET_OVERLOADED,
                lately -> lately.get(SessionCounter.UNANSWERED),
                lately -> lately.get(SessionCounter.CONNECTIONS),
                MANY,
                lately -> "the target does not answer " + ofHandshakes(SessionCounter.UNANSWERED, lately),
                "if it is busy: a faster target, a longer listen queue (net.core.somaxconn), -r; if it is not: see whether its route for"
                        + " all clients leads to the assistant, and whether a firewall lets all of them through");
    }

    private static String ofHandshakes(SessionCounter failed, MetricSnapshot lately) {
        long number = lately.get(failed);
        return number + " of " + (number + lately.get(SessionCounter.CONNECTIONS)) + " handshakes";
    }

    private static Symptom longPacketsLost() {
        return new Symptom(
                SymptomWatch.MAX_LOOKS,
                lately -> {
                    if (lately.get(SessionCounter.LONG_TAKEN) > 0) {
                        return State.WORKS;
                    }
                    long longOnes = lately.get(SessionCounter.REPEATED_IN_VAIN_LONG);
                    return longOnes > lately.get(SessionCounter.REPEATED_IN_VAIN_SHORT) ? State.BROKEN : State.UNKNOWN;
                },
                lately -> Finding.warning(
                        Code.LONG_PACKETS_LOST,
                        "segments of more than " + SessionCounter.LONG_SEGMENT + " bytes were repeated "
                                + lately.get(SessionCounter.REPEATED_IN_VAIN_LONG)
                                + " times in vain, and none was taken, while the target answers shorter ones",
                        "the MTU is smaller somewhere on the way: find it with ping -M do -s SIZE TARGET, and give it with -M"));
    }

    private static Symptom fallsSilent() {
        return Symptom.ofShare(
                Code.TARGET_SILENT,
                CopySymptoms::notAnswered,
                lately -> lately.get(SessionCounter.RESPONSES_WITH_PAYLOAD),
                MANY,
                lately -> "the target takes requests and says nothing to them for 5 s: " + notAnswered(lately)
                        + " times, beside " + lately.get(SessionCounter.RESPONSES_WITH_PAYLOAD) + " packets of answers",
                "see whether the service on the target is stuck or waits for something, and its log");
    }

    private static long notAnswered(MetricSnapshot lately) {
        return lately.get(SessionCounter.RESPONSE_NOT_AWAITED) + lately.get(SessionCounter.GREETING_NOT_AWAITED);
    }

    private static Symptom endsEarly() {
        return new Symptom(SymptomWatch.MAX_LOOKS, EarlyEnd::state, EarlyEnd::finding);
    }

    /** Whether nothing has come back of what was sent. */
    private static boolean isUnanswered(MetricSnapshot lately) {
        return isSilent(lately) && lately.get(SessionCounter.SENT) > 0;
    }

    /** Whether nothing has come back. */
    private static boolean isSilent(MetricSnapshot lately) {
        return lately.get(SessionCounter.RESPONSES) == 0;
    }

    /** Whether packets did not leave, which is told by itself. */
    private static boolean isHeldBack(MetricSnapshot lately) {
        return CopyLosses.injection().stream().anyMatch(place -> place.lost().applyAsLong(lately) > 0);
    }
}
