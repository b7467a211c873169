package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.lab.CapturedConnection;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.metrics.Durations;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** How late copies are and how long targets take to answer, of both programs turned by hand. */
class MeasuredTimesTest {
    private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
    private static final Endpoint ONLINE = Endpoint.ipv4(0x0A000001, 80);
    private static final Endpoint TARGET = Endpoint.ipv4(0x0A000002, 8080);

    private final LoopWorld world = new LoopWorld();
    private final LossyTarget network = new LossyTarget();
    private final Queue<ByteBuffer> underWay = new ArrayDeque<>();
    private final ProgramsInMemory programs = new ProgramsInMemory(world, world::nowNs, this::leaves);
    private boolean isHeldUp;
    private Metrics metrics;
    private CapturedConnection client;

    private void connect(boolean waitForResponse) throws Exception {
        network.responses = programs.targetsDevice();
        programs.intercept().start(() -> {});
        Settings session = Settings.of(List.of(new Transfer(ONLINE, TARGET)))
                .waitForResponse(waitForResponse)
                .build();
        CopyLoop copy = programs.tcpcopy(
                new CopySettings(session, InjectSettings.routed(InjectKind.AUTO), Long.MAX_VALUE), true);
        metrics = copy.metrics();
        copy.start(() -> {}, () -> {});
        world.settle();
        client = new CapturedConnection(
                        (timeNs, packet) -> programs.clientsDevice().capture(ByteBuffer.wrap(packet)),
                        "client",
                        0x0A010001,
                        20_000,
                        ONLINE.address().bits(),
                        ONLINE.port(),
                        1000)
                .open(0);
        world.settle();
    }

    private void leaves(ByteBuffer packet) {
        if (isHeldUp) {
            underWay.add(ByteBuffer.allocate(packet.remaining()).put(packet).flip());
        } else {
            network.receive(packet);
        }
    }

    private void arriveAfter(long ns) {
        world.pass(ns);
        isHeldUp = false;
        while (!underWay.isEmpty()) {
            network.receive(underWay.remove());
        }
        world.settle();
    }

    private void request() throws Exception {
        client.send(0, client.request(0)).answered();
        world.settle();
    }

    private Durations durations(String name) {
        return metrics.histograms().stream()
                .filter(histogram -> metrics.nameOf(histogram.description()).equals(name))
                .findAny()
                .orElseThrow()
                .durations();
    }

    @Test
    void theTargetsTimeRunsFromTheRequestToTheFirstOfItsAnswer() throws Exception {
        connect(true);
        isHeldUp = true;
        request();
        arriveAfter(20 * MS);

        Durations times = durations("tcpcopy_response_seconds");
        assertThat(times.count()).isOne();
        assertThat(times.sum()).isBetween(0.020, 0.022);
    }

    @Test
    void eachRequestHasATimeOfItsOwn() throws Exception {
        connect(true);
        for (int i = 0; i < 5; i++) {
            request();
            world.pass(50 * MS);
        }

        assertThat(durations("tcpcopy_response_seconds").count()).isEqualTo(5);
        assertThat(durations("tcpcopy_response_seconds").sum()).isLessThan(0.01);
    }

    @Test
    void aCopyIsAsLateAsItWaitsForTheTarget() throws Exception {
        connect(true);
        isHeldUp = true;
        request();
        assertThat(durations("tcpcopy_copy_delay_seconds").count()).isOne();
        assertThat(durations("tcpcopy_copy_delay_seconds").sum()).isLessThan(0.002);

        request();
        arriveAfter(60 * MS);
        world.pass(100 * MS);

        Durations delays = durations("tcpcopy_copy_delay_seconds");
        assertThat(delays.count()).isEqualTo(2);
        assertThat(delays.sum()).isBetween(0.060, 0.070);
    }

    @Test
    void whatIsRepeatedDoesNotCountAgain() throws Exception {
        connect(true);
        network.packetsLost = number -> number < 10;
        request();
        world.pass(TimeUnit.SECONDS.toNanos(2));

        assertThat(metrics.get(SessionCounter.RETRANSMITTED)).isPositive();
        assertThat(durations("tcpcopy_copy_delay_seconds").count()).isOne();
        assertThat(durations("tcpcopy_copy_delay_seconds").sum()).isLessThan(0.002);
    }

    @Test
    void whatWaitsLongestIsAsOldAsItsCapture() throws Exception {
        connect(true);
        assertThat(metrics.get(SessionGauge.OLDEST_WAITING)).isZero();
        isHeldUp = true;
        request();
        world.pass(40 * MS);
        request();
        world.pass(30 * MS);

        assertThat(metrics.get(SessionGauge.OLDEST_WAITING)).isBetween(65 * MS, 75 * MS);

        arriveAfter(MS);
        world.pass(200 * MS);
        assertThat(metrics.get(SessionGauge.OLDEST_WAITING)).isZero();
    }

    @Test
    void anAnswerCountsOnlyWhereItIsClearOfWhatItIs() throws Exception {
        connect(false);
        isHeldUp = true;
        request();
        world.pass(40 * MS);
        request();
        arriveAfter(10 * MS);
        assertThat(durations("tcpcopy_copy_delay_seconds").count()).isEqualTo(2);
        assertThat(durations("tcpcopy_response_seconds").count()).isZero();

        world.pass(200 * MS);
        request();
        assertThat(durations("tcpcopy_response_seconds").count()).isOne();
    }

    @Test
    void whatLeavesOverAFurtherConnectionDoesNotCountAgain() throws Exception {
        connect(true);
        request();
        world.pass(100 * MS);
        isHeldUp = true;
        request();
        underWay.clear();
        isHeldUp = false;
        network.target.reset();
        world.pass(TimeUnit.SECONDS.toNanos(1));

        assertThat(metrics.get(SessionCounter.RECONNECTS)).isOne();
        assertThat(durations("tcpcopy_copy_delay_seconds").count()).isEqualTo(2);
    }
}
