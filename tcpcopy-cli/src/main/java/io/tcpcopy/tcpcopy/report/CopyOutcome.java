package io.tcpcopy.tcpcopy.report;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.session.udp.UdpCopy;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What became of what was captured.
 *
 * @param accounts by what is counted: connections, requests and bytes, or datagrams
 * @param losses how much was lost, by reason, and by what is counted; nothing that is 0
 */
public record CopyOutcome(Map<String, Account> accounts, Map<String, Map<String, Long>> losses) {
    private static final String CONNECTIONS = "connections";
    private static final String REQUESTS = "requests";
    private static final String BYTES = "bytes";
    private static final String DATAGRAMS = "datagrams";
    private static final String PACKETS = "packets";

    /** How many were captured, how many of these reached the target, and how many will not. */
    public record Account(long captured, long delivered, long lost) {}

    /** The outcome so far of a engine. What clients repeated does not count as captured, nor as lost. */
    public static CopyOutcome of(SessionEngine engine) {
        Losses losses = new Losses();
        Ledger ledger = engine.ledger();
        long repeatedBytes = 0;
        long repeatedRequests = 0;
        for (DropReason reason : DropReason.values()) {
            if (CopyLosses.NO_LOSS.contains(reason)) {
                repeatedBytes += ledger.droppedBytes(reason);
                repeatedRequests += ledger.droppedRequests(reason);
            } else {
                losses.add(reason.label(), BYTES, ledger.droppedBytes(reason));
                losses.add(reason.label(), REQUESTS, ledger.droppedRequests(reason));
            }
        }
        losses.add(DropReason.REFUSED.label(), CONNECTIONS, engine.counters().get(SessionCounter.REFUSED));
        losses.add(DropReason.NO_ANSWER.label(), CONNECTIONS, engine.counters().get(SessionCounter.UNANSWERED));
        losses.add(DropReason.NO_ROUTE.label(), CONNECTIONS, engine.counters().get(SessionCounter.NO_ROUTE));
        losses.add(DropReason.NO_PORT.label(), CONNECTIONS, engine.counters().get(SessionCounter.NO_PORT));
        losses.add("never captured", BYTES, engine.counters().get(SessionCounter.MISSING_BYTES));
        losses.add(Verdict.TRUNCATED.label(), PACKETS, engine.verdicts().get(Verdict.TRUNCATED));

        long connections = engine.counters().get(SessionCounter.SESSIONS)
                + engine.counters().get(SessionCounter.NO_PORT);
        long connectionsLost = losses.sum(CONNECTIONS);
        Map<String, Account> accounts = new LinkedHashMap<>();
        accounts.put(CONNECTIONS, new Account(connections, connections - connectionsLost, connectionsLost));
        accounts.put(
                REQUESTS,
                new Account(
                        ledger.capturedRequests() - repeatedRequests,
                        ledger.deliveredRequests(),
                        ledger.droppedRequests() - repeatedRequests));
        accounts.put(
                BYTES,
                new Account(
                        ledger.capturedBytes() - repeatedBytes,
                        ledger.deliveredBytes(),
                        ledger.droppedBytes() - repeatedBytes));
        return new CopyOutcome(accounts, losses.byReason);
    }

    /**
     * The outcome so far of copying datagrams. What becomes of them behind this host is not known. Of those that leave as
     * fragments, each fragment that is lost counts.
     */
    public static CopyOutcome of(UdpCopy copy, Counters<InjectCounter> injected) {
        Losses losses = new Losses();
        losses.add("next hop silent", PACKETS, injected.get(InjectCounter.NEXT_HOP_SILENT));
        losses.add("dropped by full queue", PACKETS, injected.get(InjectCounter.DROPPED));
        losses.add("failed", PACKETS, injected.get(InjectCounter.FAILED));
        long lost = Math.min(copy.sent(), losses.sum(PACKETS));
        losses.add(Verdict.TRUNCATED.label(), PACKETS, copy.verdicts().get(Verdict.TRUNCATED));
        return new CopyOutcome(Map.of(DATAGRAMS, new Account(copy.sent(), copy.sent() - lost, lost)), losses.byReason);
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

        long sum(String unit) {
            return byReason.values().stream()
                    .mapToLong(units -> units.getOrDefault(unit, 0L))
                    .sum();
        }
    }
}
