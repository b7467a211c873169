package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.packet.OtherTraffic;
import io.tcpcopy.tcpcopy.report.Account;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.report.CopyOutcome.Loss;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The summary of two passes in 2.5 s in which nothing was lost, but for what a test says. */
final class SummaryBuilder {
    private static final long DURATION_NS = 2_500_000_000L;
    private static final int PASSES = 2;
    private static final double INTERRUPTED = 0.4567;

    private final Map<String, Account> accounts = new LinkedHashMap<>();
    private final List<Loss> losses = new ArrayList<>();
    private final List<Finding> places = new ArrayList<>();
    private final Map<OtherTraffic, Long> leftOut = new LinkedHashMap<>();
    private Path file = Path.of("/some.pcap");
    private int speedUp = 1;
    private long longestGapNs = Long.MAX_VALUE;
    private int passesComplete = PASSES;
    private boolean over = true;
    private Optional<String> damage = Optional.empty();
    private Optional<String> failure = Optional.empty();
    private Optional<Finding> worst = Optional.empty();
    private Optional<Finding> earlyEnds = Optional.empty();

    SummaryBuilder() {
        accounts.put(CopyOutcome.CONNECTIONS, new Account(3, 2, 1));
        accounts.put(CopyOutcome.REQUESTS, new Account(30, 28, 2));
        accounts.put(CopyOutcome.BYTES, new Account(3000, 2800, 200));
    }

    SummaryBuilder file(String path) {
        file = Path.of(path);
        return this;
    }

    SummaryBuilder speed(int factor, long skippedGapNs) {
        speedUp = factor;
        longestGapNs = skippedGapNs;
        return this;
    }

    SummaryBuilder requests(Account account) {
        accounts.put(CopyOutcome.REQUESTS, account);
        return this;
    }

    SummaryBuilder datagrams(Account account) {
        accounts.clear();
        accounts.put(CopyOutcome.DATAGRAMS, account);
        return this;
    }

    SummaryBuilder interrupted() {
        passesComplete = 1;
        over = false;
        return this;
    }

    SummaryBuilder damage(String text) {
        damage = Optional.of(text);
        return this;
    }

    SummaryBuilder failure(String text) {
        failure = Optional.of(text);
        return interrupted();
    }

    SummaryBuilder lost(String reason, String because, Map<String, Long> units) {
        losses.add(new Loss(reason, because, units));
        return this;
    }

    SummaryBuilder leftOut(OtherTraffic kind, long packets) {
        leftOut.put(kind, packets);
        return this;
    }

    SummaryBuilder worst(Finding finding) {
        worst = Optional.of(finding);
        places.add(finding);
        return this;
    }

    SummaryBuilder earlyEnds(Finding finding) {
        earlyEnds = Optional.of(finding);
        return this;
    }

    ReplaySummary build() {
        return new ReplaySummary(
                new OfflineSettings(file, "", speedUp, longestGapNs, PASSES, List.of()),
                "80-10.0.0.2:8080",
                Instant.parse("2026-11-27T10:00:00Z"),
                over,
                passesComplete,
                INTERRUPTED,
                damage,
                failure,
                DURATION_NS,
                100,
                leftOut,
                new CopyOutcome(accounts, losses, worst, places, earlyEnds));
    }
}
