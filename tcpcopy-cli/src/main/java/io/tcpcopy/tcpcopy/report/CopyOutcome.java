package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.diagnosis.Diagnosis;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.diagnosis.Place;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.metrics.MetricSnapshot;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.DroppedBytes;
import io.tcpcopy.session.ledger.DroppedRequests;
import io.tcpcopy.session.ledger.LedgerMetric;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of what was captured.
 *
 * @param accounts by what is counted: connections, requests and bytes, or datagrams
 * @param losses how much was lost, by reason; none of nothing
 * @param worst where most was lost, and what to do; empty where nothing was lost
 * @param places each place where something was lost, the worst first, and what to do
 * @param earlyEnds what is to be told of a target that has ended connections although their clients went on: nothing is lost by that, but
 *     little may have come of what was delivered
 */
public record CopyOutcome(
        Map<String, Account> accounts,
        List<Loss> losses,
        Optional<Finding> worst,
        List<Finding> places,
        Optional<Finding> earlyEnds) {
    /** What is counted: target connections, those of one client that begins anew included. */
    public static final String CONNECTIONS = "connections";
    /** What is counted. */
    public static final String REQUESTS = "requests";
    /** What is counted: payload. */
    public static final String BYTES = "bytes";
    /** What is counted, with --udp. */
    public static final String DATAGRAMS = "datagrams";
    /** What is counted where it cannot be said otherwise. */
    public static final String PACKETS = "packets";

    /** Of {@link Verdict#TRUNCATED}. */
    private static final String TRUNCATED = "the file has only a part of the packet";

    /**
     * What was lost for one reason.
     *
     * @param reason as in the log
     * @param because the same for people: the end of a sentence that begins with "because"
     * @param units how much, by what is counted
     */
    public record Loss(String reason, String because, Map<String, Long> units) {}

    /** The outcome so far of copying connections. What clients repeated does not count as captured, nor as lost. */
    public static CopyOutcome ofConnections(Metrics metrics) {
        Losses losses = new Losses();
        for (DropReason reason : DropReason.values()) {
            if (reason.isLoss()) {
                losses.add(reason, BYTES, metrics.get(new DroppedBytes(reason)));
                losses.add(reason, REQUESTS, metrics.get(new DroppedRequests(reason)));
            }
        }
        losses.add(DropReason.REFUSED, CONNECTIONS, metrics.get(SessionCounter.REFUSED));
        losses.add(DropReason.NO_ANSWER, CONNECTIONS, metrics.get(SessionCounter.UNANSWERED));
        losses.add(DropReason.NO_ROUTE, CONNECTIONS, metrics.get(SessionCounter.NO_ROUTE));
        losses.add(
                DropReason.NO_PORT,
                CONNECTIONS,
                metrics.get(SessionCounter.NO_PORT) + metrics.get(SessionCounter.NO_OTHER_PORT));
        losses.add(DropReason.REUSED, CONNECTIONS, metrics.get(SessionCounter.SUCCESSOR_REPLACED));
        losses.add(
                "cut off",
                "more of it was lost: the target got the beginning alone",
                REQUESTS,
                metrics.get(LedgerMetric.CUT_OFF_REQUESTS));
        losses.add(
                "never captured",
                "clients sent it, and the capture did not see it",
                BYTES,
                metrics.get(SessionCounter.MISSING_BYTES));
        losses.add(
                "conflicting bytes",
                "a client repeated bytes with other content: one of the two is not what the server took",
                PACKETS,
                metrics.get(SessionCounter.CLIENT_CONFLICTS));
        losses.add(Verdict.TRUNCATED.text(), TRUNCATED, PACKETS, metrics.get(Verdict.TRUNCATED));

        long connections = metrics.get(SessionCounter.SESSIONS) + metrics.get(SessionCounter.NO_PORT);
        long connectionsLost = losses.sum(CONNECTIONS);
        Map<String, Account> accounts = new LinkedHashMap<>();
        accounts.put(CONNECTIONS, new Account(connections, connections - connectionsLost, connectionsLost));
        accounts.put(REQUESTS, Account.ofRequests(metrics));
        accounts.put(BYTES, Account.ofBytes(metrics));
        MetricSnapshot counts = metrics.snapshot();
        return losses.outcome(accounts, CopyLosses.places(), counts, EarlyEnd.ofAll(counts));
    }

    /** The outcome so far of copying datagrams. */
    public static CopyOutcome ofDatagrams(Metrics metrics) {
        Losses losses = new Losses();
        for (InjectCounter fate : InjectCounter.values()) {
            if (fate != InjectCounter.SENT) {
                losses.add(fate.text(), because(fate), PACKETS, metrics.get(fate));
            }
        }
        losses.add(Verdict.TRUNCATED.text(), TRUNCATED, PACKETS, metrics.get(Verdict.TRUNCATED));
        return losses.outcome(
                Map.of(DATAGRAMS, Account.ofDatagrams(metrics)),
                CopyLosses.ofDatagrams(),
                metrics.snapshot(),
                Optional.empty());
    }

    private static String because(InjectCounter fate) {
        return switch (fate) {
            case SENT -> "";
            case NEXT_HOP_SILENT -> "the next hop does not answer on the link: they were held back";
            case NO_ROUTE -> "there is no route to the target: they were held back";
            case TARGET_CLOSED -> "they would not leave this host as they are: they were held back";
            case DROPPED -> "the device towards the target had no room";
            case FAILED -> "the kernel refused them";
        };
    }

    /** How much was lost, as a part of a line of the log. */
    public String lossText() {
        String unit = isOfDatagrams() ? DATAGRAMS : BYTES;
        return "lost " + unit + ":" + accounts.get(unit).lost();
    }

    /** Whether datagrams were copied, of which nobody knows whether they were delivered. */
    public boolean isOfDatagrams() {
        return accounts.containsKey(DATAGRAMS);
    }

    /** Whether anything was lost. */
    public boolean isLossy() {
        return !losses.isEmpty();
    }

    private static final class Losses {
        private final Map<String, Loss> byReason = new LinkedHashMap<>();

        void add(DropReason reason, String unit, long number) {
            add(reason.text(), reason.because(), unit, number);
        }

        void add(String reason, String because, String unit, long number) {
            if (number > 0) {
                byReason.computeIfAbsent(reason, key -> new Loss(reason, because, new LinkedHashMap<>()))
                        .units()
                        .put(unit, number);
            }
        }

        CopyOutcome outcome(
                Map<String, Account> accounts, List<Place> places, MetricSnapshot counts, Optional<Finding> earlyEnds) {
            List<Loss> losses = List.copyOf(byReason.values());
            return losses.isEmpty()
                    ? new CopyOutcome(accounts, losses, Optional.empty(), List.of(), earlyEnds)
                    : new CopyOutcome(
                            accounts,
                            losses,
                            new Diagnosis(places).of(counts),
                            Diagnosis.ofEach(places, counts),
                            earlyEnds);
        }

        long sum(String unit) {
            return byReason.values().stream()
                    .mapToLong(loss -> loss.units().getOrDefault(unit, 0L))
                    .sum();
        }
    }
}
