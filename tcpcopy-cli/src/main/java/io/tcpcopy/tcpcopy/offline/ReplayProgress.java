package io.tcpcopy.tcpcopy.offline;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Shows how far a replay has come: with a bar on a terminal, otherwise with a line in the log every ten seconds. */
final class ReplayProgress {
    private static final Logger LOG = LoggerFactory.getLogger(ReplayProgress.class);

    private static final long LINE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(10);
    private static final long BAR_INTERVAL_NS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final int PERCENT = 100;
    private static final String UNKNOWN = "?";

    private final EventLoop loop;
    private final FileReplay replay;
    private final IntSupplier liveSessions;
    private final Supplier<CopyOutcome> outcome;
    private final Optional<TerminalBar> bar;
    private final LoopTimer timer;
    private final long startNs;
    private long lastNs;
    private long lastPackets;

    /**
     * Begins now.
     *
     * @param logOnTerminal whether the log goes to stderr
     * @param liveSessions how many connections are under way
     * @param outcome what has become of what was replayed so far
     */
    ReplayProgress(
            EventLoop loop,
            FileReplay replay,
            boolean logOnTerminal,
            IntSupplier liveSessions,
            Supplier<CopyOutcome> outcome) {
        this.loop = loop;
        this.replay = replay;
        this.liveSessions = liveSessions;
        this.outcome = outcome;
        this.bar = TerminalBar.open(replay.fileName(), logOnTerminal);
        this.timer = loop.timer(this::tick);
        this.startNs = loop.nowNs();
        this.lastNs = startNs;
        timer.schedule(intervalNs());
    }

    private long intervalNs() {
        return bar.isPresent() ? BAR_INTERVAL_NS : LINE_INTERVAL_NS;
    }

    private void tick() {
        timer.schedule(intervalNs());
        show();
    }

    private void show() {
        long packetsPerSecond = packetsPerSecond();
        String figures = "packets/s:" + packetsPerSecond + ",alive:" + liveSessions.getAsInt() + ","
                + outcome.get().lossText();
        Optional<String> pause = replay.pauseLeft().map(left -> "next packet in " + left + ",");
        if (bar.isPresent()) {
            bar.get().show(replay.progress(), pause.orElse("") + figures);
        } else {
            int percent = (int) (replay.progress() * PERCENT);
            String rest = pause.orElseGet(() -> "seconds left:" + secondsLeft() + ",");
            LOG.info("replayed {} %, {}{}", percent, rest, figures);
        }
    }

    private long packetsPerSecond() {
        long nowNs = loop.nowNs();
        long packets = replay.packetsTaken();
        long rate = (packets - lastPackets) * TimeUnit.SECONDS.toNanos(1) / Math.max(1, nowNs - lastNs);
        lastNs = nowNs;
        lastPackets = packets;
        return rate;
    }

    /** If the rest of the file takes as long as what was read of it. */
    private String secondsLeft() {
        double progress = replay.progress();
        if (progress == 0) {
            return UNKNOWN;
        }
        double leftNs = (loop.nowNs() - startNs) * (1 - progress) / progress;
        return Long.toString(TimeUnit.NANOSECONDS.toSeconds((long) leftNs));
    }

    /** How long the replay has taken so far, in nanoseconds. */
    long elapsedNs() {
        return loop.nowNs() - startNs;
    }

    /** Shows no more; a bar stays at how far it came. */
    void close() {
        timer.cancel();
        if (bar.isPresent()) {
            show();
            bar.get().close();
        }
    }
}
