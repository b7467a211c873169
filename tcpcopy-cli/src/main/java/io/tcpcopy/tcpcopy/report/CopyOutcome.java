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
import io.tcpcopy.session.udp.DatagramCounter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of what was captured.
 *
 * @param accounts by what is counted: connections, requests and bytes, or datagrams
 * @param losses how much was lost, by reason, and by what is counted; nothing that is 0
 * @param worst where most was lost, and what to do; empty where nothing was lost
 * @param earlyEnds what is to be told of a target that has ended connections although their clients went on: nothing is lost by that, but
 *     little may have come of what was delivered
 */
public record CopyOutcome(
        Map<String, Account> accounts,
        Map<String, Map<String, Long>> losses,
        Optional<Finding> worst,
        Optional<Finding> earlyEnds) {
    private static final String CONNECTIONS = "connections";
    private static final String REQUESTS = "requests";
    private static final String BYTES = "bytes";
    private static final String DATAGRAMS = "datagrams";
    private static final String PACKETS = "packets";

    /** How many were captured, how many of these reached the target, and how many will not. */
    public record Account(long captured, long delivered, long lost) {}

    /** The outcome so far of copying connections. What clients repeated does not count as captured, nor as lost. */
    public static CopyOutcome ofConnections(Metrics metrics) {
        Losses losses = new Losses();
        long repeatedBytes = 0;
        long repeatedRequests = 0;
        for (DropReason reason : DropReason.values()) {
            long bytes = metrics.get(new DroppedBytes(reason));
            long requests = metrics.get(new DroppedRequests(reason));
            if (CopyLosses.NO_LOSS.contains(reason)) {
                repeatedBytes += bytes;
                repeatedRequests += requests;
            } else {
                losses.add(reason.text(), BYTES, bytes);
                losses.add(reason.text(), REQUESTS, requests);
            }
        }
        losses.add(DropReason.REFUSED.text(), CONNECTIONS, metrics.get(SessionCounter.REFUSED));
        losses.add(DropReason.NO_ANSWER.text(), CONNECTIONS, metrics.get(SessionCounter.UNANSWERED));
        losses.add(DropReason.NO_ROUTE.text(), CONNECTIONS, metrics.get(SessionCounter.NO_ROUTE));
        losses.add(DropReason.NO_PORT.text(), CONNECTIONS, metrics.get(SessionCounter.NO_PORT));
        losses.add("never captured", BYTES, metrics.get(SessionCounter.MISSING_BYTES));
        losses.add("conflicting bytes", PACKETS, metrics.get(SessionCounter.CLIENT_CONFLICTS));
        losses.add(Verdict.TRUNCATED.text(), PACKETS, metrics.get(Verdict.TRUNCATED));

        LedgerSums sums = LedgerSums.of(metrics);
        long connections = metrics.get(SessionCounter.SESSIONS) + metrics.get(SessionCounter.NO_PORT);
        long connectionsLost = losses.sum(CONNECTIONS);
        Map<String, Account> accounts = new LinkedHashMap<>();
        accounts.put(CONNECTIONS, new Account(connections, connections - connectionsLost, connectionsLost));
        accounts.put(
                REQUESTS,
                new Account(
                        metrics.get(LedgerMetric.CAPTURED_REQUESTS) - repeatedRequests,
                        metrics.get(LedgerMetric.DELIVERED_REQUESTS),
                        sums.droppedRequests() - repeatedRequests));
        accounts.put(
                BYTES,
                new Account(
                        metrics.get(LedgerMetric.CAPTURED_BYTES) - repeatedBytes,
                        metrics.get(LedgerMetric.DELIVERED_BYTES),
                        sums.droppedBytes() - repeatedBytes));
        MetricSnapshot counts = metrics.snapshot();
        return new CopyOutcome(
                accounts, losses.byReason, losses.worst(CopyLosses.places(), counts), EarlyEnd.ofAll(counts));
    }

    /**
     * The outcome so far of copying datagrams. What becomes of them behind this host is not known. Of those that leave as
     * fragments, each fragment that is lost counts.
     */
    public static CopyOutcome ofDatagrams(Metrics metrics) {
        Losses losses = new Losses();
        for (InjectCounter fate : InjectCounter.values()) {
            if (fate != InjectCounter.SENT) {
                losses.add(fate.text(), PACKETS, metrics.get(fate));
            }
        }
        long sent = metrics.get(DatagramCounter.SENT);
        long lost = Math.min(sent, losses.sum(PACKETS));
        losses.add(Verdict.TRUNCATED.text(), PACKETS, metrics.get(Verdict.TRUNCATED));
        return new CopyOutcome(
                Map.of(DATAGRAMS, new Account(sent, sent - lost, lost)),
                losses.byReason,
                losses.worst(CopyLosses.ofDatagrams(), metrics.snapshot()),
                Optional.empty());
    }

    /** How much was lost, as a part of a line of the log. */
    public String lossText() {
        String unit = accounts.containsKey(BYTES) ? BYTES : DATAGRAMS;
        return "lost " + unit + ":" + accounts.get(unit).lost();
    }

    /** Whether anything was lost. */
    public boolean isLossy() {
        return !losses.isEmpty();
    }

    private static final class Losses {
        private final Map<String, Map<String, Long>> byReason = new LinkedHashMap<>();

        void add(String reason, String unit, long number) {
            if (number > 0) {
                byReason.computeIfAbsent(reason, key -> new LinkedHashMap<>()).put(unit, number);
            }
        }

        Optional<Finding> worst(List<Place> places, MetricSnapshot counts) {
            return byReason.isEmpty() ? Optional.empty() : new Diagnosis(places).of(counts);
        }

        long sum(String unit) {
            return byReason.values().stream()
                    .mapToLong(units -> units.getOrDefault(unit, 0L))
                    .sum();
        }
    }
}
