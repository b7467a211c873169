package io.tcpcopy.session.simulation;

import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.DoubleRange;

/** Whatever the client's packets look like and the path does, each request arrives once, whole and in order. */
class SimulationTest {
    private static final int CONVERSATIONS = 4;
    private static final long REUSED_AFTER_NS = TimeUnit.MICROSECONDS.toNanos(100);
    private static final long APART_NS = TimeUnit.MILLISECONDS.toNanos(50);
    /** So late that the session before is only memory, used again. */
    private static final long LATER_NS = TimeUnit.SECONDS.toNanos(100);

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everythingArrivesOnceOverAPathThatLosesNothing(@ForAll long seed) {
        Simulation simulation = simulate(seed, 0, 0, false);
        simulation.expectEverythingDelivered();
        simulation.expectOneRequestAfterTheOther();
        simulation.expectEverythingClosed();
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everythingArrivesOnceThoughPacketsAreLostAndWindowsClose(
            @ForAll long seed, @ForAll @DoubleRange(max = 0.1) double loss) {
        simulate(seed, loss, 0, true).expectEverythingDelivered();
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everythingArrivesOnceThoughTheServerClosesNowAndThen(
            @ForAll long seed, @ForAll @DoubleRange(max = 0.05) double loss) {
        simulate(seed, loss, 0.3, false).expectEverythingDelivered();
    }

    @Property(tries = 100, shrinking = ShrinkingMode.OFF)
    void everythingArrivesOnceThoughTheClientUsesItsPortAgainAtOnce(@ForAll long seed) {
        Simulation simulation = new Simulation(seed, 0);
        for (int i = 0; i < CONVERSATIONS; i++) {
            long endNs = simulation.add(i * APART_NS, 0, false);
            simulation.addOfSameClient(endNs + REUSED_AFTER_NS);
        }
        simulation.run();
        simulation.expectEverythingDelivered();
    }

    @Tag("long")
    @Property(tries = 10_000, shrinking = ShrinkingMode.OFF)
    void everythingArrivesOnceWhateverComesTogether(
            @ForAll long seed,
            @ForAll @DoubleRange(max = 0.1) double loss,
            @ForAll @DoubleRange(max = 0.3) double closesAfterResponse) {
        simulate(seed, loss, closesAfterResponse, true).expectEverythingDelivered();
    }

    private static Simulation simulate(long seed, double loss, double closesAfterResponse, boolean randomWindows) {
        Simulation simulation = new Simulation(seed, loss);
        for (int i = 0; i < CONVERSATIONS; i++) {
            simulation.add(i * APART_NS, closesAfterResponse, randomWindows);
        }
        simulation.add(LATER_NS, closesAfterResponse, randomWindows);
        simulation.run();
        return simulation;
    }
}
