package io.tcpcopy.intercept.report;

import io.tcpcopy.capture.CaptureMetric;
import io.tcpcopy.capture.CardDrops;
import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Place;
import io.tcpcopy.metrics.MetricSnapshot;
import java.util.List;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** The places where responses can be lost between the target and tcpcopy, in the order of that path. */
public final class ResponseLosses {
    /** One in so many responses may lack its route: stragglers of sessions that have ended. */
    private static final int RESPONSES_FOR_A_STRAGGLER = 100;
    /** Fewer routes than these may just wait for their first response. */
    private static final int ROUTES_THAT_TELL = 3;

    static final String FILTER_REMEDY =
            "correct -F: 'tcp and src port PORT', with the port of the target in -x; or that, if the service has another one";

    private ResponseLosses() {}

    /**
     * All of them, causes before what follows from them.
     *
     * @param connected whether any tcpcopy is connected now
     * @param responses how many responses have been captured since the start
     * @param silence why none is captured, as far as is known
     */
    public static List<Place> places(BooleanSupplier connected, LongSupplier responses, Supplier<Silence> silence) {
        Place kernel = new Place(
                Code.KERNEL_DROPS,
                "the capture",
                "packets dropped by the kernel",
                "intercept reads too slowly: a narrower -F, the right device with -i (with --traditional: a larger -q),"
                        + " or a faster machine",
                counts -> counts.get(CaptureMetric.KERNEL_DROPS),
                counts -> counts.get(CaptureMetric.KERNEL_DROPS) + captured(counts));
        Place card = CardDrops.place(ResponseLosses::captured);
        Place fragments = new Place(
                Code.FRAGMENTS,
                "the capture",
                "packets that are IP fragments",
                "see why the target's responses are fragmented: a narrow MTU on their way",
                counts -> counts.get(InterceptCounter.FRAGMENTS),
                counts -> counts.get(InterceptCounter.FRAGMENTS) + counts.get(InterceptCounter.RESPONSES));
        Place filter = new Place(
                Code.INTERCEPT_FILTER,
                "the filter of -F",
                "routes whose responses arrive, but the filter does not take",
                FILTER_REMEDY,
                counts -> silence.get() == Silence.FILTERED ? silentRoutes(counts) : 0,
                counts -> counts.get(InterceptCounter.ROUTES_ADDED));
        Place wayBack = new Place(
                        Code.NO_RESPONSES,
                        "the target's way back",
                        "routes without any response captured",
                        "see with tcpdump whether the target gets packets with the clients' addresses and routes its"
                                + " answers to this host (ip route get CLIENT); check -F and -i, or with --traditional the NFQUEUE rule",
                        ResponseLosses::silentRoutes,
                        counts -> counts.get(InterceptCounter.ROUTES_ADDED))
                .behind(List.of(card, kernel, fragments, filter));
        Place withoutTcpcopy = new Place(
                Code.NO_TCPCOPY,
                "the tunnel",
                "responses, and no tcpcopy is connected",
                "start tcpcopy, or see whether it reaches this host and port, and whether --allow lists it",
                counts -> connected.getAsBoolean() ? 0 : strangers(counts, responses),
                counts -> counts.get(InterceptCounter.RESPONSES));
        Place withoutRoutes = new Place(
                Code.MODES_DIFFER,
                "the tunnel",
                "responses, and no tcpcopy sends routes",
                "give --single to both programs or to neither; or a narrower -F if others use the target",
                counts -> connected.getAsBoolean() && isWithoutRoutes(counts) ? notRouted(counts) : 0,
                counts -> counts.get(InterceptCounter.RESPONSES));
        Place evicted = new Place(
                Code.ROUTES_EVICTED,
                "the routes",
                "routes given up because there were a million",
                "more than one intercept, each with its part of the responses (-F)",
                counts -> counts.get(InterceptCounter.ROUTES_EVICTED),
                counts -> counts.get(InterceptCounter.ROUTES_ADDED));
        Place strangers = new Place(
                        Code.UNASKED_RESPONSES,
                        "the routes",
                        "responses that no tcpcopy asked for",
                        "a narrower -F (with --traditional: -x) if others use the target as well; --dnat for both programs if"
                                + " the target answers from another address than -x names; else see the log of tcpcopy: it may"
                                + " have lost this intercept",
                        counts -> strangers(counts, responses),
                        counts -> counts.get(InterceptCounter.RESPONSES))
                .behind(List.of(withoutTcpcopy, withoutRoutes, evicted));
        Place queues = new Place(
                Code.TUNNEL_FULL,
                "the tunnel",
                "records dropped by full queues or lost connections",
                "a tcpcopy does not read fast enough, or is gone: see its queued bytes above, and its host",
                counts -> counts.get(InterceptCounter.RECORDS_DROPPED),
                counts -> counts.get(InterceptCounter.ROUTED));
        return List.of(
                card, kernel, fragments, filter, wayBack, withoutTcpcopy, withoutRoutes, evicted, strangers, queues);
    }

    private static long captured(MetricSnapshot counts) {
        return counts.get(InterceptCounter.TCP) + counts.get(InterceptCounter.NOT_TCP);
    }

    private static long silentRoutes(MetricSnapshot counts) {
        long routes = counts.get(InterceptCounter.ROUTES_ADDED);
        return counts.get(InterceptCounter.RESPONSES) == 0 && routes >= ROUTES_THAT_TELL ? routes : 0;
    }

    private static boolean isWithoutRoutes(MetricSnapshot counts) {
        return counts.get(InterceptCounter.ROUTES_ADDED) == 0 && counts.get(InterceptCounter.ROUTED) == 0;
    }

    /** Those that nobody waits for; none where they are few of all since the start: what comes when tcpcopy has ended is no loss. */
    private static long strangers(MetricSnapshot counts, LongSupplier responses) {
        long number = notRouted(counts);
        return number * RESPONSES_FOR_A_STRAGGLER > responses.getAsLong() ? number : 0;
    }

    /** How many responses no route came for; what waits in the delay table is neither lost nor found yet. */
    static long notRouted(MetricSnapshot counts) {
        return counts.get(InterceptCounter.NOT_ROUTED_PAYLOAD)
                + counts.get(InterceptCounter.NOT_ROUTED_FIN)
                + counts.get(InterceptCounter.NOT_ROUTED_ACK)
                + counts.get(InterceptCounter.NOT_ROUTED_SYN_RST)
                + counts.get(InterceptCounter.DELAYED_EXPIRED)
                + counts.get(InterceptCounter.DELAYED_OVERWRITTEN);
    }
}
