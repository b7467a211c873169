package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.tcpcopy.copy.Input;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A capture file that is replayed: shows how far that has come, and writes at the end what became of it. */
public final class OfflineInput implements Input {
    private static final Logger LOG = LoggerFactory.getLogger(OfflineInput.class);

    /** What keeps packets from being taken although {@code -x} may name where they go. */
    private static final List<Verdict> REFUSALS = List.of(
            Verdict.TO_TARGET,
            Verdict.NOT_LOCAL,
            Verdict.LOOPBACK_CLIENT,
            Verdict.OWN_ADDRESS,
            Verdict.NOT_SAMPLED,
            Verdict.TRUNCATED,
            Verdict.MALFORMED);

    private final EventLoop loop;
    private final OfflineSettings settings;
    private final String transfers;
    private final Optional<PrintWriter> out;
    private final PacketCopier copier;
    private final Metrics metrics;
    private final Supplier<CopyOutcome> outcome;
    private final FileReplay replay;
    private ReplayProgress progress;
    private ReplayTimeline timeline;
    private Instant begin;

    private OfflineInput(
            EventLoop loop,
            OfflineSettings settings,
            String transfers,
            Optional<PrintWriter> out,
            PacketCopier copier,
            BooleanSupplier canSend,
            Metrics metrics,
            Supplier<CopyOutcome> outcome)
            throws BadInputException, StartException {
        this.loop = loop;
        this.settings = settings;
        this.transfers = transfers;
        this.out = out;
        this.copier = copier;
        this.metrics = metrics;
        this.outcome = outcome;
        this.replay = new FileReplay(loop, settings, copier, canSend, loop::stop);
        metrics.add(ReplayMetric.PROGRESS, () -> (long) (replay.progress() * ReplayMetric.MILLIONTHS));
    }

    /**
     * Replays a file, and stops the loop when that has ended.
     *
     * @param transfers what is copied and where to, in the form of {@code -x}
     * @param out where people see the summary; empty when they see the log
     */
    public static Opener opener(OfflineSettings settings, String transfers, Optional<PrintWriter> out) {
        return (loop, copier, canSend, metrics, outcome) ->
                new OfflineInput(loop, settings, transfers, out, copier, canSend, metrics, outcome);
    }

    @Override
    public void start() {
        // The summary of an earlier replay must not be taken for that of this one.
        settings.summaries()
                .forEach(file ->
                        write(file, empty -> Files.write(empty, new byte[0])).ifPresent(LOG::error));
        begin = Instant.now();
        replay.start();
        progress = new ReplayProgress(loop, replay, out.isEmpty(), copier::liveSessions, outcome);
        timeline = new ReplayTimeline(loop, metrics);
    }

    @Override
    public boolean isLive() {
        return false;
    }

    @Override
    public Optional<String> lost() {
        return Optional.empty();
    }

    @Override
    public String description() {
        return "replaying " + settings.file();
    }

    @Override
    public List<CaptureCounters> counters() {
        return List.of(replay.counters());
    }

    @Override
    public int end(Optional<String> failure) throws BadInputException, StartException {
        if (progress == null) {
            return Daemon.OK;
        }
        progress.close();
        timeline.stop();
        if (replay.isOver() && replay.packetsTaken() == 0) {
            throw BadInputException.refused("-i", settings.file().toString(), whyNothingWasTaken());
        }
        ReplaySummary summary = new ReplaySummary(
                settings,
                transfers,
                begin,
                replay.isOver(),
                replay.passesComplete(),
                replay.progress(),
                replay.damage(),
                failure,
                progress.elapsedNs(),
                replay.packetsTaken(),
                replay.notTaken().leftOut().counts(),
                outcome.get());
        Optional<String> notWritten = report(summary);
        if (notWritten.isPresent() && failure.isEmpty()) {
            throw new StartException(notWritten.get());
        }
        notWritten.ifPresent(LOG::error);
        return summary.status();
    }

    /** Returns what is to be said where it has not reached everybody who wants it. */
    private Optional<String> report(ReplaySummary summary) {
        for (String line : summary.lines()) {
            LOG.info("{}", line);
            out.ifPresent(writer -> writer.println(line));
        }
        out.ifPresent(PrintWriter::flush);
        List<String> notWritten = new ArrayList<>();
        for (Path file : settings.summaries()) {
            Writing writing = OfflineSettings.isReport(file)
                    ? new ReplayReport(summary, timeline.charts())::write
                    : summary::write;
            write(file, writing).ifPresent(notWritten::add);
        }
        return notWritten.stream().findFirst();
    }

    private interface Writing {
        void to(Path file) throws IOException;
    }

    private static Optional<String> write(Path file, Writing writing) {
        try {
            writing.to(file);
            return Optional.empty();
        } catch (IOException e) {
            return Optional.of("the summary " + file + " cannot be written: " + e.getMessage());
        }
    }

    private String whyNothingWasTaken() {
        List<String> refused = new ArrayList<>();
        for (Verdict verdict : REFUSALS) {
            long packets = metrics.get(verdict);
            if (packets > 0) {
                refused.add(packets + " " + verdict.text());
            }
        }
        String hint = metrics.get(Verdict.TO_TARGET) > 0
                ? " (to replay to the server that was captured, give its address on both sides of -x)"
                : "";
        NotTaken notTaken = replay.notTaken();
        if (!refused.isEmpty()) {
            String leftOut = notTaken.leftOut().toString();
            return "holds no packet that can be replayed, but " + String.join(", ", refused) + hint
                    + (leftOut.isEmpty() ? "" : ", " + leftOut);
        }
        String filter = settings.filter().isEmpty() ? "" : " that -F lets through";
        String nothing =
                notTaken.hasDestinations() ? "holds no packet that -x names" : "holds nothing of TCP or UDP over IPv4";
        if (!notTaken.toString().isEmpty()) {
            return nothing + filter + ", but " + notTaken;
        }
        String unfiltered = filter.isEmpty() ? "" : NotTaken.of(settings.file()).toString();
        return nothing + filter + (unfiltered.isEmpty() ? "" : "; without -F, " + unfiltered);
    }

    @Override
    public void close() {
        replay.close();
    }
}
