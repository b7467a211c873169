package io.tcpcopy.lab;

import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What tcpcopy's last statistics say about packets for the target.
 *
 * @param made by the sessions
 * @param accounted injected, held back, dropped or refused
 */
record FinalInjection(long made, long accounted) {
    private static final Pattern MADE = Pattern.compile("\\] send:(\\d+),");
    private static final Pattern INJECTED = Pattern.compile("\\] injected packets:(\\d+)(.*)");
    private static final Pattern OTHERWISE =
            Pattern.compile(",(?:next hop silent|no route|target closed|dropped by full queue|failed):(\\d+)");

    /** Reads it from a log. */
    static FinalInjection parse(String log) {
        MatchResult injected = last(INJECTED, log);
        long otherwise = OTHERWISE
                .matcher(injected.group(2))
                .results()
                .mapToLong(match -> Long.parseLong(match.group(1)))
                .sum();
        return new FinalInjection(
                Long.parseLong(last(MADE, log).group(1)), Long.parseLong(injected.group(1)) + otherwise);
    }

    private static MatchResult last(Pattern pattern, String log) {
        return pattern.matcher(log)
                .results()
                .reduce((earlier, later) -> later)
                .orElseThrow(() -> new AssertionError("no " + pattern + " in:\n" + log));
    }

    /** Asserts that of every packet it is known what became of it. */
    void assertComplete() {
        if (made != accounted) {
            throw new AssertionError("packets that nobody knows of: " + this);
        }
    }
}
