package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Option;

/** The options for the replay of a capture file, as a picocli mixin. */
final class OfflineOptions {
    /** The option that has a file replayed. */
    static final String OFFLINE = "--offline";

    private static final String SPEED_UP = "-a";
    private static final String GAP = "-I";
    private static final String PASSES = "-T";
    private static final String SUMMARY = "--summary";
    private static final String IS_REPLAYED = "is the file that is to be replayed";

    private static final int MAX_SPEED_UP = 1_000_000;
    private static final int MAX_GAP_MS = 86_400_000;
    private static final int MAX_PASSES = 1_000_000;

    @Option(
            names = OFFLINE,
            order = 600,
            description =
                    "Replay a capture file (-i FILE, pcap or pcapng) in the time in which it was captured. Ends with a"
                            + " summary when the targets have answered everything, at the latest 120 seconds after the last packet.")
    private boolean offline;

    @Option(
            names = SPEED_UP,
            paramLabel = "NUM",
            order = 601,
            description = "With " + OFFLINE + ": as many times as fast, 1 to " + MAX_SPEED_UP
                    + "; but no faster than the targets can, as long as it is faster than captured. Default: 1.")
    private String speedUp;

    @Option(
            names = GAP,
            paramLabel = "NUM",
            order = 602,
            description =
                    "With " + OFFLINE + ": skip gaps between packets that are longer than so many ms of the capture,"
                            + " 0 to " + MAX_GAP_MS + ". Default: skip none.")
    private String longestGap;

    @Option(
            names = PASSES,
            paramLabel = "NUM",
            order = 603,
            description = "With " + OFFLINE + ": replay so many times, 1 to " + MAX_PASSES
                    + ", each time with other client ports. Default: 1.")
    private String passes;

    @Option(
            names = SUMMARY,
            paramLabel = "FILE",
            order = 604,
            description = "With " + OFFLINE
                    + ": write the summary to FILE as well: as a report with charts if its name ends in "
                    + OfflineSettings.REPORT + ", otherwise as JSON. May be given twice, once for each.")
    private List<File> summaries;

    /** Whether a capture file is to be replayed. */
    boolean given() {
        return offline;
    }

    /**
     * What the options ask for; empty if nothing is to be replayed. Checks the capture file, and whether the summaries
     * can be written.
     *
     * @param capture has the file and its filter, and must not say how to capture
     * @throws BadInputException when an option cannot have its value, or is given in vain
     * @throws StartException when libpcap is missing
     */
    Optional<OfflineSettings> settings(CaptureOptions capture) throws BadInputException, StartException {
        if (!offline) {
            checkNotGiven(SPEED_UP, speedUp);
            checkNotGiven(GAP, longestGap);
            checkNotGiven(PASSES, passes);
            checkNotGiven(SUMMARY, summaries);
            return Optional.empty();
        }
        capture.checkNothingToCapture();
        String filter = capture.filter();
        Path file = OptionValue.required("-i", capture.input(), "the capture file for " + OFFLINE)
                .path();
        CaptureOpener.checkFile(file, filter);
        return Optional.of(new OfflineSettings(
                file, filter == null ? "" : filter, speedUp(), longestGapNs(), passes(), summaries(file)));
    }

    /** Whether the log can go to a file: not to that which is replayed, nor to a summary. */
    static void checkLog(Optional<Path> log, Optional<OfflineSettings> settings) throws BadInputException {
        if (log.isEmpty() || settings.isEmpty()) {
            return;
        }
        OptionValue value = OptionValue.of("-l", log.get().toString());
        if (isSame(log.get(), settings.get().file())) {
            throw value.refused(IS_REPLAYED);
        }
        for (Path summary : settings.get().summaries()) {
            if (isSame(log.get(), summary)) {
                throw value.refused("is the file of " + SUMMARY);
            }
        }
    }

    private static boolean isSame(Path one, Path other) {
        try {
            return Files.isSameFile(one, other);
        } catch (IOException e) {
            return false;
        }
    }

    private static void checkNotGiven(String option, Object value) throws BadInputException {
        if (value != null) {
            throw BadInputException.missing(OFFLINE, "where " + option + " is given");
        }
    }

    /** How much faster than captured. */
    int speedUp() throws BadInputException {
        return speedUp == null ? 1 : OptionValue.of(SPEED_UP, speedUp).number(1, MAX_SPEED_UP);
    }

    private long longestGapNs() throws BadInputException {
        return longestGap == null
                ? Long.MAX_VALUE
                : TimeUnit.MILLISECONDS.toNanos(OptionValue.of(GAP, longestGap).number(0, MAX_GAP_MS));
    }

    private int passes() throws BadInputException {
        return passes == null ? 1 : OptionValue.of(PASSES, passes).number(1, MAX_PASSES);
    }

    private List<Path> summaries(Path file) throws BadInputException {
        List<Path> files = new ArrayList<>();
        for (File summary : summaries == null ? List.<File>of() : summaries) {
            OptionValue value = OptionValue.of(SUMMARY, summary.getPath());
            boolean report = OfflineSettings.isReport(value.path());
            if (files.stream().anyMatch(other -> OfflineSettings.isReport(other) == report)) {
                throw value.wrong("at most one name that ends in " + OfflineSettings.REPORT + ", and one other");
            }
            if (isSame(value.path(), file)) {
                throw value.refused(IS_REPLAYED);
            }
            files.add(value.writable());
        }
        return files;
    }
}
