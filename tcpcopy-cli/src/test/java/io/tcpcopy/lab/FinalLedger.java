package io.tcpcopy.lab;

import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The ledger in tcpcopy's last statistics.
 *
 * @param bytes of client payload
 * @param requests of clients
 * @param reasons why any were dropped, but for repetitions
 */
public record FinalLedger(Account bytes, Account requests, Set<String> reasons) {

    private static final Pattern REASON = Pattern.compile("ledger dropped (.+) bytes:(\\d+),requests:(\\d+)");

    private static final Pattern NOTHING_WAITS =
            Pattern.compile("ledger bytes captured:\\d+,delivered:\\d+,waiting:0,");

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private static final int BYTES_OF_REASON = 2;
    private static final int REQUESTS_OF_REASON = 3;

    /** Clients retransmit in the lab as elsewhere; what was captured twice is dropped once. */
    private static final Set<String> REPETITIONS = Set.of("duplicate", "cut-off old part");

    /**
     * What became of them.
     *
     * @param waiting in flight or not sent yet
     * @param dropped all together
     * @param droppedByReason the sum over the reasons
     * @param repeated dropped because they were captured before
     */
    public record Account(
            long captured, long delivered, long waiting, long dropped, long droppedByReason, long repeated) {

        private static Account parse(String statistics, String unit, int group) {
            Pattern line = Pattern.compile(
                    "ledger " + unit + " captured:(\\d+),delivered:(\\d+),waiting:(\\d+),dropped:(\\d+)");
            MatchResult match = line.matcher(statistics)
                    .results()
                    .findFirst()
                    .orElseThrow(() -> new AssertionError("no ledger of " + unit + " in:\n" + statistics));
            List<MatchResult> reasons = REASON.matcher(statistics).results().toList();
            return new Account(
                    number(match, 1),
                    number(match, 2),
                    number(match, 3),
                    number(match, 4),
                    reasons.stream().mapToLong(reason -> number(reason, group)).sum(),
                    reasons.stream()
                            .filter(reason -> REPETITIONS.contains(reason.group(1)))
                            .mapToLong(reason -> number(reason, group))
                            .sum());
        }

        /** Captured, but neither delivered nor repeated. */
        public long missing() {
            return captured - delivered - repeated;
        }

        private void check(boolean holds, String fault) {
            if (!holds) {
                throw new AssertionError(fault + ": " + this);
            }
        }

        private void assertBalances() {
            check(droppedByReason == dropped, "the reasons do not add up");
            check(delivered + waiting + dropped == captured, "the sum is not what was captured");
            check(waiting == 0, "something waits after the end");
        }
    }

    /** Reads it from a log. */
    public static FinalLedger parse(String log) {
        int last = log.lastIndexOf("ledger bytes captured:");
        String statistics = last < 0 ? log : log.substring(last);
        return new FinalLedger(
                Account.parse(statistics, "bytes", BYTES_OF_REASON),
                Account.parse(statistics, "requests", REQUESTS_OF_REASON),
                REASON.matcher(statistics)
                        .results()
                        .map(reason -> reason.group(1))
                        .filter(reason -> !REPETITIONS.contains(reason))
                        .collect(Collectors.toSet()));
    }

    private static long number(MatchResult match, int group) {
        return Long.parseLong(match.group(group));
    }

    /**
     * Has a running tcpcopy write its statistics until they say that whatever was captured is acknowledged or dropped, for
     * a while at the most. Ended before, it would say that it was stopped under way.
     */
    public static void awaitDelivery(HostProcess tcpcopy) {
        int before = tcpcopy.output().length();
        Waiting.holdsWithin(PATIENCE, () -> {
            tcpcopy.writeStatistics();
            return NOTHING_WAITS.matcher(tcpcopy.output().substring(before)).find();
        });
    }

    /** Asserts that every byte and request is accounted for, and none waits any more. */
    public void assertBalances() {
        bytes.assertBalances();
        requests.assertBalances();
    }

    /** Asserts, besides, that all that clients sent was delivered. */
    public void assertNothingMissing() {
        assertBalances();
        bytes.check(bytes.missing() == 0, "bytes are missing, dropped for " + reasons);
        requests.check(requests.missing() == 0, "requests are missing, dropped for " + reasons);
    }
}
