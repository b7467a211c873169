package io.tcpcopy.tcpcopy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.slf4j.LoggerFactory;

/**
 * Whatever clients, servers and networks do, the target reads each byte that a client sent once and in order, or the
 * ledger says why not. With {@code -Dsimulation.seed=...} one world alone is run.
 */
class SimulationTest {
    private static final String SEED = "simulation.seed";
    /** Ports are used again, so there are more connections than these. */
    static final int CONNECTIONS_OF_A_WORLD = 50;

    static final int KNOWN_WORLDS = 200;
    private static final int NEW_WORLDS = 10;
    private static final long LONG_RUN_NS = TimeUnit.MINUTES.toNanos(10);

    private static final Logger LOG = (Logger) LoggerFactory.getLogger("io.tcpcopy");

    /** The programs write statistics every 30 seconds of their time. */
    @BeforeAll
    static void quieten() {
        LOG.setLevel(Level.ERROR);
    }

    @AfterAll
    static void speakAgain() {
        LOG.setLevel(null);
    }

    @Test
    @DisabledIfSystemProperty(named = SEED, matches = ".*")
    void targetReadsWhatClientsSentInTenThousandKnownConnections() {
        Coverage coverage = new Coverage();
        for (long seed = 0; seed < KNOWN_WORLDS; seed++) {
            run(seed, coverage);
        }
        System.out.println("simulation of known worlds: " + coverage);
        assertThat(coverage.of(Figure.CONNECTIONS)).isGreaterThan(10_000);
        for (Behaviour behaviour : Behaviour.values()) {
            assertThat(coverage.of(behaviour)).as("%s", behaviour).isPositive();
        }
        for (Figure figure : Figure.values()) {
            assertThat(coverage.of(figure)).as("%s", figure).isPositive();
        }
    }

    @Test
    @DisabledIfSystemProperty(named = SEED, matches = ".*")
    void targetReadsWhatClientsSentInWorldsThatAreNewEachTime() {
        Coverage coverage = new Coverage();
        long first = System.nanoTime();
        for (long seed = first; seed < first + NEW_WORLDS; seed++) {
            run(seed, coverage);
        }
        System.out.println("simulation of new worlds: " + coverage);
    }

    @Tag("long")
    @Test
    @DisabledIfSystemProperty(named = SEED, matches = ".*")
    void targetReadsWhatClientsSentInWorldsOfTenMinutes() {
        Coverage coverage = new Coverage();
        long first = System.nanoTime();
        for (long seed = first; System.nanoTime() - first < LONG_RUN_NS; seed++) {
            run(seed, coverage);
        }
        System.out.println("simulation, long run: " + coverage);
    }

    @Test
    @EnabledIfSystemProperty(named = SEED, matches = ".*")
    void targetReadsWhatClientsSentInTheWorldThatIsAskedFor() {
        Coverage coverage = new Coverage();
        run(Long.getLong(SEED), coverage);
        System.out.println("simulation: " + coverage);
    }

    /** Runs a world; if it fails, once more, to tell what happened to the connection that something went wrong with. */
    private static void run(long seed, Coverage coverage) {
        try {
            World world = world(seed, Trace.NONE);
            world.run();
            coverage.add(world.coverage());
        } catch (AssertionError | RuntimeException failure) {
            throw new AssertionError(
                    "world " + seed + ": " + failure.getMessage() + System.lineSeparator()
                            + traceOf(seed) + System.lineSeparator() + "again: mvn -pl tcpcopy-cli -am test"
                            + " -Dtest=SimulationTest -Dsurefire.failIfNoSpecifiedTests=false -D" + SEED + "=" + seed,
                    failure);
        }
    }

    private static Trace traceOf(long seed) {
        Trace trace = new Trace();
        try {
            world(seed, trace).run();
        } catch (AssertionError | RuntimeException failure) {
            // The same one.
        }
        return trace;
    }

    private static World world(long seed, Trace trace) {
        return new World(seed, CONNECTIONS_OF_A_WORLD, trace);
    }
}
