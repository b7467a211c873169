package io.tcpcopy.tcpcopy.offline;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a capture file is replayed.
 *
 * @param file an absolute path
 * @param filter in pcap-filter(7) syntax; empty takes everything
 * @param speedUp how many times as fast as it was captured, at least 1
 * @param longestGapNs longer gaps between packets are skipped; {@link Long#MAX_VALUE} skips none
 * @param passes how often, at least 1
 * @param summary where to write the summary
 */
public record OfflineSettings(
        Path file, String filter, int speedUp, long longestGapNs, int passes, Optional<Path> summary) {}
