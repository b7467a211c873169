package io.tcpcopy.tcpcopy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.SessionEngine;
import io.tcpcopy.session.SessionInspection;
import io.tcpcopy.session.base.Pause;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.copy.CopyLoop;
import io.tcpcopy.tcpcopy.copy.CopySettings;
import io.tcpcopy.tcpcopy.copy.ProgramsInMemory;
import io.tcpcopy.tunnel.ResponseHandler;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Both programs and the tunnel between them. They are turned as time passes: at once when there is something to do, or when
 * the turn before is over, where they are busy.
 */
final class Programs {
    private static final int FULL_ONE_IN = 100;
    private static final long MAX_FULL_NS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final int LONG_FULL_ONE_IN = 10;
    private static final long MAX_LONG_FULL_NS = TimeUnit.SECONDS.toNanos(4);

    private final LoopWorld loops;
    private final long secret;
    private final Coverage coverage;
    private final Weather weather;
    private final ProgramsInMemory programs;
    private final InterceptService intercept;
    private final CopyLoop tcpcopy;
    private final SessionEngine engine;
    /** As the engine keeps it. */
    private final Pause pause = new Pause();

    private long nextNs;
    private long busyUntilNs;
    private long fullUntilNs;
    private boolean waiting;
    private boolean started;

    /**
     * Programs that do not run yet.
     *
     * @param captureClockNs by which the packets of clients are stamped
     * @param toTarget gets what tcpcopy sends to the target
     * @param responses told of each response before the session that it is for
     */
    Programs(
            LoopWorld loops,
            LongSupplier captureClockNs,
            Random random,
            Coverage coverage,
            Weather weather,
            Transfer transfer,
            Consumer<ByteBuffer> toTarget,
            ResponseHandler responses) {
        this.loops = loops;
        secret = random.nextLong();
        this.coverage = coverage;
        this.weather = weather;
        programs = new ProgramsInMemory(loops, captureClockNs, toTarget);
        programs.onResponse(responses);
        programs.onLeaving(this::fullForNs);
        // The world knows of every connection that it has to arrive.
        Settings settings = Settings.of(List.of(transfer)).sheds(false).build();
        try {
            intercept = programs.intercept();
            tcpcopy = programs.tcpcopy(
                    new CopySettings(settings, InjectSettings.routed(InjectKind.AUTO), Long.MAX_VALUE),
                    weather.lonely());
        } catch (BadInputException | StartException e) {
            throw new AssertionError("a program cannot be made", e);
        }
        engine = (SessionEngine) programs.copier();
    }

    /** Starts both; copying has begun when this returns. */
    void start() {
        intercept.start(() -> {});
        ProgramsInMemory.start(tcpcopy, () -> started = true);
        loops.until("copying begins", () -> started);
        turn();
    }

    /** The connections of the tunnel are lost, or one of them is. */
    void loseTunnel(boolean all) {
        coverage.count(Figure.TUNNELS_LOST);
        if (all) {
            loops.network().resetAll();
        } else {
            loops.network().resetOldest();
        }
        waiting = true;
    }

    /** The online host captures a packet of a client. */
    void captureClients(ByteBuffer packet) {
        programs.clientsDevice().capture(packet);
        waiting = true;
    }

    /** The assistant host captures a packet of the target. */
    void captureTargets(ByteBuffer packet) {
        programs.targetsDevice().capture(packet);
        waiting = true;
    }

    /** When they have something to do next. */
    long nextNs() {
        return waiting ? busyUntilNs : Math.max(busyUntilNs, nextNs);
    }

    /** Does what there is to do now; returns whether there was anything. */
    boolean turn() {
        if (loops.nowNs() < nextNs()) {
            return false;
        }
        waiting = false;
        loops.settle();
        nextNs = loops.nextNs();
        busyUntilNs = loops.nowNs() + new SplittableRandom(secret ^ loops.nowNs()).nextInt(weather.turnNs());
        notePause();
        return true;
    }

    /** Now and then the kernel has no room for what leaves. */
    private long fullForNs() {
        SplittableRandom lots = new SplittableRandom(secret ^ loops.nowNs() ^ "full".hashCode());
        if (weather.losesNothing() || lots.nextInt(FULL_ONE_IN) != 0) {
            return 0;
        }
        coverage.count(Figure.SINK_FULL);
        long fullNs = lots.nextLong(1, lots.nextInt(LONG_FULL_ONE_IN) == 0 ? MAX_LONG_FULL_NS : MAX_FULL_NS);
        fullUntilNs = loops.nowNs() + fullNs;
        return fullNs;
    }

    /** When the kernel has, or had again, room for what leaves. */
    long roomFromNs() {
        return fullUntilNs;
    }

    private void notePause() {
        if (programs.isTunnelUp()) {
            pause.end(loops.nowNs());
        } else {
            if (!pause.isOn()) {
                coverage.count(Figure.PAUSES);
            }
            pause.begin(loops.nowNs());
            pause.limitReached(loops.nowNs());
        }
    }

    /** The one engine of tcpcopy. */
    SessionEngine engine() {
        return engine;
    }

    /** Looks at every session; none has a deadline while there is no intercept, nor while nothing can leave. */
    void inspect() {
        if (pause.isOn() || loops.nowNs() <= fullUntilNs) {
            return;
        }
        SessionInspection.check(engine, pause.sessionNs(loops.nowNs()));
    }

    /** What intercept has counted. */
    long counted(InterceptCounter counter) {
        return intercept.metrics().get(counter);
    }

    /** How many calls in either program's loop ended with an exception. */
    long faults() {
        return programs.tcpcopyLoop().faults() + programs.interceptLoop().faults();
    }

    /** Ends both. */
    void finish() {
        try {
            tcpcopy.stop();
            assertThat(ProgramsInMemory.finish(tcpcopy)).as("exit status").isZero();
        } catch (BadInputException | StartException e) {
            throw new AssertionError("tcpcopy has failed", e);
        }
        tcpcopy.close();
        intercept.finish();
        intercept.close();
    }
}
