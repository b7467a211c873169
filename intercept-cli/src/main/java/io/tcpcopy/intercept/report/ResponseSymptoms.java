package io.tcpcopy.intercept.report;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Symptom;
import io.tcpcopy.diagnosis.Symptom.State;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** What shows in intercept's numbers while a leg of the way back is broken, along the path of a response. */
public final class ResponseSymptoms {
    /** Losses that are told as soon as they go on. */
    private static final Set<Code> LOSSES =
            Set.of(Code.CARD_DROPS, Code.KERNEL_DROPS, Code.ROUTES_EVICTED, Code.TUNNEL_FULL);

    /** Of responses: fewer are stragglers of sessions that have ended. */
    private static final double MANY = 0.1;

    private ResponseSymptoms() {}

    /**
     * All of them.
     *
     * @param metrics the numbers of the program
     * @param connected whether any tcpcopy is connected now
     * @param reason why no response is captured, as far as is known; asked while that lasts
     */
    public static List<Symptom> of(Metrics metrics, BooleanSupplier connected, Supplier<Silence> reason) {
        List<Symptom> symptoms = new ArrayList<>();
        ResponseLosses.places(connected, () -> metrics.get(InterceptCounter.RESPONSES), () -> Silence.UNEXPLAINED)
                .stream()
                .filter(place -> LOSSES.contains(place.code()))
                .forEach(place -> symptoms.add(Symptom.of(place)));
        symptoms.add(fragments());
        symptoms.add(silence(reason));
        symptoms.add(withoutTcpcopy(connected));
        symptoms.add(withoutRoutes(metrics).unless(lately -> !connected.getAsBoolean()));
        symptoms.add(strangers().unless(lately -> !connected.getAsBoolean() || isWithoutRoutes(metrics)));
        return symptoms;
    }

    private static Symptom fragments() {
        return Symptom.ofShare(
                Code.FRAGMENTS,
                lately -> lately.get(InterceptCounter.FRAGMENTS) + lately.get(InterceptCounter.INVALID),
                lately -> lately.get(InterceptCounter.RESPONSES),
                MANY,
                lately -> "beside " + lately.get(InterceptCounter.RESPONSES) + " responses "
                        + lately.get(InterceptCounter.FRAGMENTS) + " IP fragments and "
                        + lately.get(InterceptCounter.INVALID) + " invalid packets are captured",
                "see why the target's responses are fragmented: a narrow MTU on their way; else a narrower -F");
    }

    private static Symptom silence(Supplier<Silence> reason) {
        return new Symptom(
                1,
                lately -> {
                    if (lately.get(InterceptCounter.RESPONSES) > 0) {
                        return State.WORKS;
                    }
                    return lately.get(InterceptCounter.ROUTES_ADDED) > 0 ? State.BROKEN : State.UNKNOWN;
                },
                lately -> silence(reason.get(), lately.get(InterceptCounter.ROUTES_ADDED)));
    }

    private static Finding silence(Silence reason, long routes) {
        String asked = "tcpcopy has asked " + routes + " times for the responses of a connection, and ";
        return switch (reason) {
            case FILTERED ->
                Finding.warning(
                        Code.INTERCEPT_FILTER,
                        asked + "they arrive, but the filter does not take them",
                        ResponseLosses.FILTER_REMEDY);
            case NOTHING_ARRIVES ->
                Finding.warning(
                        Code.NO_RESPONSES,
                        asked + "none arrives on the devices of -i, whatever the filter takes",
                        "see with tcpdump whether the target gets packets with the clients' addresses and answers them, and whether"
                                + " 'ip route get CLIENT' names this host there; here, whether -i names the device that faces it");
            case UNEXPLAINED ->
                Finding.warning(
                        Code.NO_RESPONSES,
                        asked + "not one is captured",
                        "see with tcpdump -ni any on this host whether the target's answers arrive: if they do, correct -F and -i (with"
                                + " --traditional the NFQUEUE rule); if not, the target's routes");
        };
    }

    private static Symptom withoutTcpcopy(BooleanSupplier connected) {
        return Symptom.of(
                Code.NO_TCPCOPY,
                lately -> {
                    if (connected.getAsBoolean()) {
                        return State.WORKS;
                    }
                    return lately.get(InterceptCounter.RESPONSES) > 0 ? State.BROKEN : State.UNKNOWN;
                },
                lately ->
                        lately.get(InterceptCounter.RESPONSES) + " responses are captured, and no tcpcopy is connected"
                                + notAllowed(lately.get(InterceptCounter.CONNECTIONS_NOT_ALLOWED)),
                "start tcpcopy, or see whether it reaches this host and port, and whether --allow lists it");
    }

    private static String notAllowed(long number) {
        return number == 0 ? "" : ": --allow has refused " + number + " connections";
    }

    private static Symptom withoutRoutes(Metrics metrics) {
        return Symptom.of(
                Code.MODES_DIFFER,
                lately -> {
                    if (!isWithoutRoutes(metrics)) {
                        return State.WORKS;
                    }
                    return lately.get(InterceptCounter.RESPONSES) > 0 ? State.BROKEN : State.UNKNOWN;
                },
                lately -> lately.get(InterceptCounter.RESPONSES)
                        + " responses are captured, and no tcpcopy has ever asked for any",
                "give --single to both programs or to neither; or a narrower -F if others use the target");
    }

    private static boolean isWithoutRoutes(Metrics metrics) {
        return metrics.get(InterceptCounter.ROUTES_ADDED) == 0 && metrics.get(InterceptCounter.ROUTED) == 0;
    }

    private static Symptom strangers() {
        return Symptom.ofShare(
                Code.UNASKED_RESPONSES,
                ResponseLosses::notRouted,
                lately -> lately.get(InterceptCounter.ROUTED),
                MANY,
                ResponseSymptoms::ofResponses,
                "a narrower -F (with --traditional: -x) if others use the target as well; --dnat for both programs if the target answers"
                        + " from another address than -x names; else see the log of tcpcopy: it may have lost this intercept");
    }

    private static String ofResponses(MetricSnapshot lately) {
        long strangers = ResponseLosses.notRouted(lately);
        return "no tcpcopy has asked for " + strangers + " of " + (strangers + lately.get(InterceptCounter.ROUTED))
                + " responses";
    }
}
