package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.lab.CapturedConnection;
import io.tcpcopy.loop.LoopMetric;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.session.ledger.LedgerMetric;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.LongUnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/**
 * Whole replays of capture files in which holes have to be given up, whatever the times are that the packets bear; turned by
 * hand.
 */
class ReplayedTimesTest {
    private static final int CLIENT = 0x0A010001;
    private static final int FIRST_PORT = 20_000;
    private static final Endpoint ONLINE = Endpoint.ipv4(0x0A000001, 80);
    private static final Endpoint TARGET = Endpoint.ipv4(0x0A000002, 8080);
    private static final long MEMORY_LIMIT = 64 << 20;
    private static final int MEMORY_BUDGET = 1 << 20;
    private static final long NO_LIMIT = Long.MAX_VALUE;
    private static final int HOLES = 5;
    private static final int HOLE_BYTES = 100;
    private static final int SECONDS = 40;
    /** A hole is given up ten seconds after what follows it, which was captured in the third second. */
    private static final int SECONDS_TO_HOLES_GIVEN_UP = 13;

    private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);
    private static final long NOW_NS = 1_700_000_000 * SECOND_NS;
    private static final long HOUR_NS = TimeUnit.HOURS.toNanos(1);
    private static final long TEN_YEARS_NS = TimeUnit.DAYS.toNanos(3652);

    @TempDir
    private Path folder;

    private final LoopWorld world = new LoopWorld();
    private final LossyTarget network = new LossyTarget();
    private final ProgramsInMemory programs = new ProgramsInMemory(world, world::nowNs, network::receive);
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger log = (Logger) LoggerFactory.getLogger("io.tcpcopy.tcpcopy.offline");
    private CopyLoop copy;

    @AfterEach
    void nothingWentWrong() throws Exception {
        log.detachAppender(lines);
        assertThat(copy.metrics().get(LoopMetric.FAULTS)).isZero();
        copy.finish();
    }

    /**
     * One connection that says something each second, and five that miss a request each behind its second one.
     *
     * @param stamp the time in the file of what was captured so many nanoseconds after the first packet
     */
    private Path capture(LongUnaryOperator stamp) throws IOException {
        Path path = folder.resolve("capture.pcap");
        try (CaptureFileWriter file = new CaptureFileWriter(path, CaptureFileWriter.RAW_IP)) {
            CapturedConnection.PacketTaker taker = (ns, packet) -> file.add(stamp.applyAsLong(ns), packet);
            CapturedConnection talker = connection(taker, 0).open(0);
            CapturedConnection[] holed = new CapturedConnection[HOLES];
            for (int i = 0; i < HOLES; i++) {
                holed[i] = connection(taker, 1 + i).open(100 + i);
            }
            for (int second = 1; second < SECONDS; second++) {
                int ms = (int) TimeUnit.SECONDS.toMillis(second);
                talker.send(ms, talker.request(0)).answered();
                for (int i = 0; second == 2 && i < HOLES; i++) {
                    holed[i].skip(HOLE_BYTES)
                            .answered()
                            .send(ms + 500 + i, holed[i].request(0))
                            .answered();
                }
            }
        }
        return path;
    }

    private static CapturedConnection connection(CapturedConnection.PacketTaker taker, int number) {
        int port = FIRST_PORT + number;
        return new CapturedConnection(
                taker, "client-" + number, CLIENT, port, ONLINE.address().bits(), ONLINE.port(), 1000);
    }

    private void replay(Path file, int speedUp, long longestGapNs, int passes) throws Exception {
        network.responses = programs.targetsDevice();
        programs.intercept().start(() -> {});
        Settings session = Settings.of(List.of(new Transfer(ONLINE, TARGET)))
                .speedUp(speedUp)
                .memoryBudget(MEMORY_BUDGET)
                .build();
        lines.start();
        log.addAppender(lines);
        copy = programs.replay(
                new CopySettings(session, InjectSettings.routed(InjectKind.AUTO), MEMORY_LIMIT),
                new OfflineSettings(file, "", speedUp, longestGapNs, passes, List.of()));
        copy.start(() -> {}, () -> {});
        world.settle();
    }

    private long missingBytes() {
        return copy.metrics().get(SessionCounter.MISSING_BYTES);
    }

    private void assertThatHolesAreGivenUpInTime() {
        world.pass((SECONDS_TO_HOLES_GIVEN_UP - 1) * SECOND_NS);
        assertThat(missingBytes()).isZero();
        world.pass(2 * SECOND_NS);
        assertThat(missingBytes()).isEqualTo(HOLES * HOLE_BYTES);
    }

    private void assertThatAllIsReplayedWithin(long durationNs, int passes) {
        world.pass(durationNs);
        assertThat(programs.tcpcopyLoop().isStopped()).isTrue();
        assertThat(missingBytes()).isEqualTo((long) passes * HOLES * HOLE_BYTES);
        assertThat(copy.metrics().get(LedgerMetric.DELIVERED_REQUESTS))
                .isEqualTo((long) passes * (SECONDS - 1 + HOLES));
    }

    /** With a packet of the talking client at {@code oddSecond} that stands elsewhere. */
    private static LongUnaryOperator withOddPacket(int oddSecond, long aheadNs) {
        return ns -> NOW_NS + ns + (ns == oddSecond * SECOND_NS ? aheadNs : 0);
    }

    /** Of a clock that is set at {@code second}. */
    private static LongUnaryOperator withClockSet(int second, long aheadNs) {
        return ns -> NOW_NS + ns + (ns >= second * SECOND_NS ? aheadNs : 0);
    }

    @ParameterizedTest
    @CsvSource({"1, 3652", "1, -3652", "1, -19675", "5, 3652", "5, -3652"})
    void onePacketOfAnotherTimeMovesNoOther(int oddSecond, long daysAhead) throws Exception {
        replay(capture(withOddPacket(oddSecond, TimeUnit.DAYS.toNanos(daysAhead))), 1, NO_LIMIT, 1);

        assertThatHolesAreGivenUpInTime();
        assertThatAllIsReplayedWithin(SECONDS * SECOND_NS, 1);
    }

    @ParameterizedTest
    @CsvSource({"0", "-1800000000", "2000000000", "2590000000"})
    void theYearDoesNotMatter(long secondsLater) throws Exception {
        replay(capture(ns -> NOW_NS + secondsLater * SECOND_NS + ns), 1, NO_LIMIT, 1);

        assertThatHolesAreGivenUpInTime();
        assertThatAllIsReplayedWithin(SECONDS * SECOND_NS, 1);
    }

    @ParameterizedTest
    @CsvSource({"3", "5"})
    void aClockThatWasSetBackByAnHourGoesOn(int second) throws Exception {
        replay(capture(withClockSet(second, -HOUR_NS)), 1, NO_LIMIT, 1);

        assertThatHolesAreGivenUpInTime();
        assertThatAllIsReplayedWithin(SECONDS * SECOND_NS, 1);
    }

    @Test
    void aClockThatWasSetAheadIsAPauseThatIsNamed() throws Exception {
        replay(capture(withClockSet(5, TEN_YEARS_NS)), 1, NO_LIMIT, 1);
        world.pass(SECONDS * SECOND_NS);

        assertThat(missingBytes()).as("nothing fills a hole after years").isEqualTo(HOLES * HOLE_BYTES);
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.contains("next packet in"))
                .first()
                .isEqualTo("next packet in 3652 days: -I skips pauses");
        assertThat(lines.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .filteredOn(line -> line.startsWith("replayed"))
                .last()
                .asString()
                .matches("replayed \\d+ %, next packet in 3651 days,packets/s:0,alive:\\d,lost bytes:0");
    }

    @Test
    void skippedThatPauseCostsNothing() throws Exception {
        replay(capture(withClockSet(5, TEN_YEARS_NS)), 1, HOUR_NS, 1);

        assertThatAllIsReplayedWithin(SECONDS * SECOND_NS, 1);
    }

    @Test
    void inSeveralFastPassesTheTimesMayBeWhateverTheyLike() throws Exception {
        Path file = capture(ns -> switch ((int) (ns / SECOND_NS) % 4) {
            case 0 -> 0;
            case 1 -> NOW_NS + TEN_YEARS_NS * 5;
            case 2 -> -TEN_YEARS_NS;
            default -> ns;
        });
        replay(file, 10, HOUR_NS, 3);

        assertThatAllIsReplayedWithin(3 * SECONDS * SECOND_NS, 3);
    }

    @Test
    void whereAllTimesAreEqualEverythingIsReplayedAtOnce() throws Exception {
        replay(capture(ns -> 0), 1, NO_LIMIT, 1);

        assertThatAllIsReplayedWithin(15 * SECOND_NS, 1);
    }

    @Test
    void aHoleBeforeMoreThanThereIsRoomForIsGivenUpThoughTheCaptureDoesNotGoOn() throws Exception {
        Path path = folder.resolve("large.pcap");
        int requests = 0;
        try (CaptureFileWriter file = new CaptureFileWriter(path, CaptureFileWriter.RAW_IP)) {
            CapturedConnection holed =
                    connection((ns, packet) -> file.add(0, packet), 0).open(0);
            holed.send(0, holed.request(0)).answered().skip(HOLE_BYTES);
            for (int bytes = 0; bytes < 2 * MEMORY_BUDGET; bytes += 1000) {
                holed.send(0, holed.request(1000)).answered();
            }
            requests = holed.requests().size();
        }
        replay(path, 1, NO_LIMIT, 1);
        world.pass(30 * SECOND_NS);

        assertThat(programs.tcpcopyLoop().isStopped()).isTrue();
        assertThat(missingBytes()).isEqualTo(HOLE_BYTES);
        assertThat(copy.metrics().get(LedgerMetric.DELIVERED_REQUESTS)).isEqualTo(requests);
    }
}
