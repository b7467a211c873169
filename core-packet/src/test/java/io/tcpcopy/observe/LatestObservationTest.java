package io.tcpcopy.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.flow.Address;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.metrics.Metrics;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.junit.jupiter.api.Test;

class LatestObservationTest {
    private final LoopWorld world = new LoopWorld();
    private final EventLoop loop = world.loop(world.host(Address.LOOPBACK));
    /** What the program's thread has still to do. */
    private final Queue<Runnable> questions = new ArrayDeque<>();

    private final SampleNumber number = new SampleNumber("looks_total", "How often the program was asked.");
    private long looks;
    private final Metrics metrics = new Metrics("sample").add(number, () -> ++looks);
    private LatestObservation latest =
            new LatestObservation(new RunningProgram(questions::add, metrics, List::of, Optional::empty), loop);

    private void programAnswers() {
        questions.remove().run();
        world.settle();
    }

    private Optional<Long> value() {
        return latest.get().map(observation -> observation.values().get(number));
    }

    @Test
    void theProgramIsAskedOnceHoweverManyWantToKnow() {
        assertThat(value()).isEmpty();
        assertThat(value()).isEmpty();
        assertThat(questions).hasSize(1);

        programAnswers();

        assertThat(value()).contains(1L);
        assertThat(value()).contains(1L);
        assertThat(questions).isEmpty();
    }

    @Test
    void anAnswerThatIsOldIsAskedForAgain() {
        value();
        programAnswers();
        world.timeIs(world.nowNs() + LatestObservation.FRESH_NS - 1);
        world.settle();
        assertThat(value()).contains(1L);

        world.timeIs(world.nowNs() + 1);
        world.settle();

        assertThat(value()).isEmpty();
        programAnswers();
        assertThat(value()).contains(2L);
    }

    @Test
    void aProgramThatIsStuckIsNotAskedAgain() {
        value();
        world.pass(3_600_000_000_000L);

        assertThat(value()).isEmpty();
        assertThat(questions).hasSize(1);
    }

    @Test
    void afterAFaultItIsAskedAgain() {
        RunningProgram broken = new RunningProgram(
                questions::add,
                metrics,
                () -> {
                    throw new IllegalStateException("broken");
                },
                Optional::empty);
        latest = new LatestObservation(broken, loop);
        value();
        programAnswers();
        assertThatThrownBy(this::value).hasRootCauseMessage("broken");

        world.timeIs(world.nowNs() + LatestObservation.FRESH_NS);
        world.settle();

        assertThat(value()).isEmpty();
        assertThat(questions).hasSize(1);
    }
}
