package io.tcpcopy.tcpcopy.offline;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.session.admit.PacketCopier;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class FileReplayTest {
    private static final int NUMBER_OFFSET = 4;
    private static final int NOT_FOR_US = 99;
    private static final int FAULTY = 77;
    private static final long NEVER = Long.MAX_VALUE;

    @TempDir
    private Path folder;

    private final Copier copier = new Copier();
    private EventLoop loop;
    private FileReplay replay;
    private boolean canSend = true;
    private int timesOver;
    private long nowMs;

    /** Notes what it is given: packets with a number, and what is said of the capture. */
    private final class Copier implements PacketCopier {
        private final List<String> happened = new ArrayList<>();
        private final List<Long> lateMs = new ArrayList<>();
        private int admitted;
        private boolean behind;
        private boolean full;
        private int sessions;

        @Override
        public void turn(long nowNs) {}

        @Override
        public boolean admit(CapturedPacket packet) {
            admitted = packet.buffer().getShort(packet.offset() + NUMBER_OFFSET);
            return admitted != NOT_FOR_US;
        }

        @Override
        public void takeAdmitted(long capturedNs) {
            happened.add(nowMs + ": " + admitted);
            if (admitted == FAULTY) {
                throw new IllegalStateException("made by the test");
            }
            lateMs.add(nowMs - TimeUnit.NANOSECONDS.toMillis(capturedNs));
        }

        @Override
        public boolean isBehind() {
            return behind;
        }

        @Override
        public boolean hasRoom() {
            return !full;
        }

        @Override
        public void captureEnded() {
            happened.add(nowMs + ": ended");
        }

        @Override
        public void captureBeginsAgain() {
            happened.add(nowMs + ": again");
            sessions = 0;
        }

        @Override
        public long nextDeadlineNs() {
            return NEVER;
        }

        @Override
        public void runDue() {}

        @Override
        public void stop() {}

        @Override
        public void addTo(Metrics metrics) {}

        @Override
        public int liveSessions() {
            return sessions;
        }
    }

    /** IPv4 packets with these numbers as ids, captured 10 ms after each other. */
    private Path capture(int... numbers) throws IOException {
        Path path = folder.resolve("capture.pcap");
        try (CaptureFileWriter writer = new CaptureFileWriter(path, CaptureFileWriter.RAW_IP)) {
            for (int i = 0; i < numbers.length; i++) {
                writer.add(TimeUnit.MILLISECONDS.toNanos(10L * i), packet(numbers[i]));
            }
        }
        return path;
    }

    private static byte[] packet(int number) {
        byte[] packet = new byte[40];
        packet[0] = 0x45;
        packet[NUMBER_OFFSET + 1] = (byte) number;
        return packet;
    }

    private void open(Path path, int passes) throws Exception {
        open(path, NEVER, passes);
    }

    private void open(Path path, long longestGapNs, int passes) throws Exception {
        loop = new EventLoop(() -> 0, new MemoryNetwork().host(Address.LOOPBACK));
        OfflineSettings settings = new OfflineSettings(path, "", 1, longestGapNs, passes, List.of());
        replay = new FileReplay(loop, settings, copier, () -> canSend, () -> timesOver++);
        assertThat(replay.nextDeadlineNs()).as("before the start").isEqualTo(NEVER);
        replay.start();
    }

    @AfterEach
    void close() {
        replay.close();
        loop.close();
    }

    /** Lets everything happen that is due until then, each thing at its time. */
    private void passUntil(long ms) {
        long untilNs = TimeUnit.MILLISECONDS.toNanos(ms);
        while (replay.nextDeadlineNs() <= untilNs) {
            nowMs = Math.max(nowMs, TimeUnit.NANOSECONDS.toMillis(replay.nextDeadlineNs()));
            replay.runDue(TimeUnit.MILLISECONDS.toNanos(nowMs));
        }
        nowMs = ms;
    }

    private List<String> happened() {
        List<String> all = List.copyOf(copier.happened);
        copier.happened.clear();
        return all;
    }

    @Test
    void packetsAreGivenToTheCopierInTheirTime() throws Exception {
        open(capture(1, 2, 3), 1);
        passUntil(100);

        assertThat(happened()).containsExactly("0: 1", "10: 2", "20: 3", "20: ended");
        assertThat(timesOver).isOne();
        assertThat(replay.isOver()).isTrue();
        assertThat(replay.packetsTaken()).isEqualTo(3);
        assertThat(replay.progress()).isEqualTo(1);
        assertThat(replay.nextDeadlineNs()).isEqualTo(NEVER);
    }

    @Test
    void whatIsTakenLateWasDueBefore() throws Exception {
        open(capture(1, 2, 3), 1);
        passUntil(5);
        nowMs = 17;
        passUntil(100);

        assertThat(happened()).containsExactly("0: 1", "17: 2", "20: 3", "20: ended");
        assertThat(copier.lateMs).containsExactly(0L, 7L, 0L);
    }

    @Test
    void whatTheCopierDoesNotWantTakesNoTime() throws Exception {
        open(capture(NOT_FOR_US, NOT_FOR_US, 3, NOT_FOR_US, 5), 1);
        passUntil(15);

        assertThat(happened()).containsExactly("0: 3");
    }

    @Test
    void nothingIsTakenWhileThereIsNoRoomOrItMayNotBe() throws Exception {
        open(capture(1, 2, 3), 1);
        canSend = false;
        passUntil(50);
        assertThat(happened()).isEmpty();
        canSend = true;
        passUntil(50);
        assertThat(happened()).containsExactly("50: 1");
        copier.full = true;
        passUntil(300);
        assertThat(happened()).isEmpty();
        copier.full = false;
        passUntil(300);
        assertThat(happened())
                .as("what is late by less than 100 ms is made up for")
                .containsExactly("300: 2", "300: 3", "300: ended");
    }

    @Test
    void sessionsHaveTwoMinutesToEnd() throws Exception {
        open(capture(1), 1);
        copier.sessions = 1;
        passUntil(119_999);
        assertThat(happened()).containsExactly("0: 1", "0: ended");
        assertThat(timesOver).isZero();
        passUntil(120_000);
        assertThat(timesOver).isOne();
    }

    @Test
    void itIsOverWhenTheLastSessionHasEnded() throws Exception {
        open(capture(1), 1);
        copier.sessions = 1;
        passUntil(5_000);
        copier.sessions = 0;
        passUntil(5_000);
        assertThat(timesOver).isOne();
    }

    @Test
    void itBeginsAgainAsOftenAsWanted() throws Exception {
        open(capture(1, 2), 3);
        passUntil(5);
        assertThat(replay.progress()).isBetween(0.2, 0.34);
        passUntil(1_000);

        assertThat(happened())
                .containsExactly(
                        "0: 1",
                        "10: 2",
                        "10: ended",
                        "10: again",
                        "10: 1",
                        "20: 2",
                        "20: ended",
                        "20: again",
                        "20: 1",
                        "30: 2",
                        "30: ended");
        assertThat(replay.passesComplete()).isEqualTo(3);
        assertThat(timesOver).isOne();
    }

    @Test
    void whatIsCutOffIsReplayedAsFarAsItCanBeRead() throws Exception {
        Path path = capture(1, 2, 3);
        byte[] bytes = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(bytes, bytes.length - 1));
        open(path, 2);
        passUntil(100);

        assertThat(happened())
                .containsExactly("0: 1", "10: 2", "10: ended", "10: again", "10: 1", "20: 2", "20: ended");
        assertThat(replay.damage()).hasValueSatisfying(text -> assertThat(text).contains("truncated dump file"));
    }

    @Test
    void aFileThatIsGoneIsNotReplayedAgain() throws Exception {
        Path path = capture(1);
        copier.sessions = 1;
        open(path, 2);
        passUntil(0);
        Files.delete(path);
        copier.sessions = 0;
        passUntil(100);

        assertThat(replay.isOver()).isTrue();
        assertThat(replay.passesComplete()).isOne();
        assertThat(replay.damage()).hasValueSatisfying(text -> assertThat(text).contains("there is no such file"));
    }

    /** What the log says while a file is replayed whose packets have these times. */
    private List<String> log(long longestGapNs, long untilMs, long... seconds) throws Exception {
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        Logger log = (Logger) LoggerFactory.getLogger(FileReplay.class);
        lines.start();
        log.addAppender(lines);
        try {
            Path path = folder.resolve("capture.pcap");
            try (CaptureFileWriter writer = new CaptureFileWriter(path, CaptureFileWriter.RAW_IP)) {
                for (long second : seconds) {
                    writer.add(TimeUnit.SECONDS.toNanos(second), packet(1));
                }
            }
            open(path, longestGapNs, 1);
            passUntil(untilMs);
        } finally {
            log.detachAppender(lines);
        }
        return lines.list.stream().map(ILoggingEvent::getFormattedMessage).toList();
    }

    @Test
    void aLongPauseIsSaidOnceAndSkippedWhereThatIsWanted() throws Exception {
        long tenYears = TimeUnit.DAYS.toSeconds(3652) + 5;

        assertThat(log(NEVER, 400_000, 0, 60, 300, 300 + tenYears, 301 + tenYears))
                .containsExactly(
                        "next packet in 4 minutes: -I skips pauses", "next packet in 3652 days: -I skips pauses");
        assertThat(replay.packetsTaken()).isEqualTo(3);
        assertThat(replay.pauseLeft()).contains("3652 days");
        close();
        assertThat(log(0, 400_000, 0, 60, 300, 300 + tenYears, 301 + tenYears)).isEmpty();
        assertThat(replay.isOver()).isTrue();
        assertThat(replay.pauseLeft()).isEmpty();
    }

    @Test
    void whereNothingIsTakenOncePassIsEnoughAndItIsKnownWhereThePacketsGo() throws Exception {
        open(capture(NOT_FOR_US, NOT_FOR_US), 3);
        passUntil(0);

        assertThat(timesOver).isOne();
        assertThat(replay.packetsTaken()).isZero();
    }

    @Test
    void aFaultCostsOnePacket() throws Exception {
        open(capture(1, FAULTY, 2), 1);
        for (nowMs = 0; nowMs <= 100; nowMs++) {
            try {
                replay.runDue(TimeUnit.MILLISECONDS.toNanos(nowMs));
            } catch (IllegalStateException e) {
                // As the loop survives it.
            }
        }
        assertThat(copier.happened.stream().filter(what -> what.endsWith(": " + FAULTY)))
                .hasSize(1);
        assertThat(replay.packetsTaken()).isEqualTo(3);
    }
}
