package io.tcpcopy.tcpcopy.offline;

import java.nio.file.Path;
import java.util.List;

/**
 * How a capture file is replayed.
 *
 * @param file an absolute path
 * @param filter in pcap-filter(7) syntax; empty takes everything
 * @param speedUp how many times as fast as it was captured, at least 1
 * @param longestGapNs longer gaps between packets are skipped; {@link Long#MAX_VALUE} skips none
 * @param passes how often, at least 1
 * @param summaries where to write the summary: as a report for people where the name ends in {@link #REPORT}, otherwise as JSON
 */
public record OfflineSettings(
        Path file, String filter, int speedUp, long longestGapNs, int passes, List<Path> summaries) {
    /** The end of the name of a file that gets a report in HTML. */
    public static final String REPORT = ".html";

    /** Whether a file gets a report for people. */
    public static boolean isReport(Path summary) {
        return summary.toString().endsWith(REPORT);
    }
}
