package io.tcpcopy.tcpcopy.offline;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.capture.file.CaptureFile;
import io.tcpcopy.capture.file.DamagedFileException;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Timed;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.admit.PacketCopier;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packets of a capture file, each given to the copier when its time has come. It is read as it is replayed, one packet
 * ahead, so its size does not matter. It waits while the copier has no room, and does not hurry while the targets are
 * behind. At its end the targets have some time to answer, then it begins again or is over.
 */
final class FileReplay implements Timed, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FileReplay.class);

    /**
     * How long sessions may go on after the last packet of a capture. One whose target is silent would end by {@code -t}
     * only, which is ten minutes by default: too long to hold up the summary.
     */
    private static final long MAX_WAIT_FOR_ANSWERS_NS = TimeUnit.SECONDS.toNanos(120);

    /** A pause that is longer is spoken of: whoever waits should know what for. */
    private static final long LONG_PAUSE_NS = TimeUnit.MINUTES.toNanos(1);

    private enum Stage {
        NOT_STARTED,
        READING,
        AWAITING_ANSWERS,
        OVER
    }

    private final EventLoop loop;
    private final OfflineSettings settings;
    private final PacketCopier copier;
    private final BooleanSupplier canSend;
    private final Runnable whenOver;
    private final NotTaken notTaken = new NotTaken();
    private final ReplaySchedule schedule;

    private final CaptureFile file;
    private Stage stage = Stage.NOT_STARTED;
    private boolean packetAdmitted;
    private long answersDeadlineNs;
    private long packetsTaken;
    private int passesComplete;
    private Optional<String> damage = Optional.empty();

    /**
     * Opens the file.
     *
     * @param canSend asked before each packet is taken: while not, the replay waits
     * @param whenOver called when all is replayed, or nothing can be replayed any more
     * @throws BadInputException when the file cannot be used any more
     * @throws StartException when libpcap is missing
     */
    FileReplay(
            EventLoop loop, OfflineSettings settings, PacketCopier copier, BooleanSupplier canSend, Runnable whenOver)
            throws BadInputException, StartException {
        this.loop = loop;
        this.settings = settings;
        this.copier = copier;
        this.canSend = canSend;
        this.whenOver = whenOver;
        this.schedule = new ReplaySchedule(settings.speedUp(), settings.longestGapNs());
        this.file = CaptureOpener.openFile(settings.file(), settings.filter());
        loop.addTimed(this);
    }

    /** Begins with the first packet. */
    void start() {
        stage = Stage.READING;
    }

    @Override
    public long nextDeadlineNs() {
        return switch (stage) {
            case NOT_STARTED, OVER -> NEVER;
            case READING -> packetAdmitted ? packetDueNs() : loop.nowNs();
            case AWAITING_ANSWERS -> copier.liveSessions() == 0 ? loop.nowNs() : answersDeadlineNs;
        };
    }

    /** When the packet that was admitted is due; {@link #NEVER} while it has to wait, which other events of the loop end. */
    private long packetDueNs() {
        return canSend.getAsBoolean() && copier.hasRoom()
                ? schedule.dueNs(file.packet().arrivalNs(), copier.isBehind(), loop.nowNs())
                : NEVER;
    }

    /**
     * How long until the next packet is due, for people who wait for it: empty where that is no long pause of the capture.
     */
    Optional<String> pauseLeft() {
        return packetAdmitted ? pauseLeft(loop.nowNs()) : Optional.empty();
    }

    private Optional<String> pauseLeft(long nowNs) {
        long leftNs = schedule.dueNs(file.packet().arrivalNs(), false, nowNs) - nowNs;
        return leftNs > LONG_PAUSE_NS ? Optional.of(RoundedDuration.of(leftNs)) : Optional.empty();
    }

    @Override
    public void runDue(long nowNs) {
        for (int items = 0; items < EventLoop.MAX_ITEMS && nextDeadlineNs() <= nowNs; items++) {
            if (stage == Stage.AWAITING_ANSWERS) {
                endPass();
            } else if (packetAdmitted) {
                take(nowNs);
            } else {
                read(nowNs);
            }
        }
    }

    private void take(long nowNs) {
        long capturedNs = schedule.taken(file.packet().arrivalNs(), packetDueNs(), nowNs);
        // First, so that it is not taken again where a fault keeps it from being taken.
        packetAdmitted = false;
        packetsTaken++;
        copier.takeAdmitted(capturedNs);
    }

    private void read(long nowNs) {
        if (!nextRecord()) {
            stage = Stage.AWAITING_ANSWERS;
            answersDeadlineNs = nowNs + MAX_WAIT_FOR_ANSWERS_NS;
            copier.captureEnded();
            return;
        }
        packetAdmitted = file.hasPacket() && copier.admit(file.packet());
        if (packetAdmitted) {
            pauseLeft(nowNs).ifPresent(pause -> LOG.info("next packet in {}: -I skips pauses", pause));
        } else if (passesComplete == 0) {
            notTaken.note(file, packetsTaken == 0);
        }
    }

    /** Returns false at the end, or where the file cannot be read on. */
    private boolean nextRecord() {
        try {
            boolean read = file.next();
            loop.countPackets(read ? 1 : 0);
            return read;
        } catch (DamagedFileException e) {
            noteDamage(e);
            return false;
        }
    }

    private void noteDamage(DamagedFileException e) {
        if (damage.isEmpty()) {
            damage = Optional.of(e.getMessage());
            LOG.warn(e.getMessage());
        }
    }

    private void endPass() {
        passesComplete++;
        if (passesComplete == settings.passes() || packetsTaken == 0) {
            end();
            return;
        }
        copier.captureBeginsAgain();
        schedule.beginAgain();
        try {
            file.rewind();
            stage = Stage.READING;
            LOG.info(
                    "pass {} of {}: clients have other ports than in the one before, which the target still knows",
                    passesComplete + 1,
                    settings.passes());
        } catch (DamagedFileException e) {
            noteDamage(e);
            end();
        }
    }

    private void end() {
        stage = Stage.OVER;
        whenOver.run();
    }

    /** Whether the file was replayed as often as it was to be, as far as it can be read. */
    boolean isOver() {
        return stage == Stage.OVER;
    }

    /** How much of all that is to be replayed has been read, 0 to 1. */
    double progress() {
        double pass = stage == Stage.READING ? (double) file.position() / file.size() : 0;
        double complete = stage == Stage.AWAITING_ANSWERS ? 1 : pass;
        return Math.min(1, (passesComplete + complete) / settings.passes());
    }

    /** The file's name without its folder. */
    String fileName() {
        return settings.file().getFileName().toString();
    }

    /** Packets given to the copier so far. */
    long packetsTaken() {
        return packetsTaken;
    }

    /** How often the file was replayed to its end. */
    int passesComplete() {
        return passesComplete;
    }

    /** What keeps the file from being read to its end, if anything does. */
    Optional<String> damage() {
        return damage;
    }

    /** What was not taken in the first pass; where packets go is noted only until the first one is taken. */
    NotTaken notTaken() {
        return notTaken;
    }

    /** The counters of the file. */
    CaptureCounters counters() {
        return file;
    }

    @Override
    public void close() {
        file.close();
    }
}
