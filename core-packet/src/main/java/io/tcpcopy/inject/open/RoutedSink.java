package io.tcpcopy.inject.open;

import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.frame.FrameOutlet;
import io.tcpcopy.inject.frame.FramePaths;
import io.tcpcopy.inject.raw.DepartureWatch;
import io.tcpcopy.inject.raw.RawOutlet;
import io.tcpcopy.inject.route.LinkPath;
import io.tcpcopy.inject.route.NeighbourGuard;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.OutgoingPacket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packets go where the kernel's routes say. For each target they leave as frames where frames go the same way as IP packets would,
 * else through a raw socket, which is open only while a target needs it. A target changes from one to the other when its path
 * does: a line in the log says so.
 */
final class RoutedSink implements PacketSink {
    private static final Logger LOG = LoggerFactory.getLogger(RoutedSink.class);

    /** When a raw socket that could not be opened is tried again. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);

    private static final String NO_PACKETS = "gets no packets: ";

    private final EventLoop loop;
    private final InjectKind kind;
    private final Targets targets;
    private final int protocol;
    private final InjectCounters counters;
    private final NeighbourGuard guard;
    private final LoopTimer retryTimer;
    /** Why no target gets frames; empty where this depends on the target. */
    private Optional<String> noFrames = Optional.empty();
    /** Null, as is the next one, where no target gets frames. */
    private FramePaths paths;

    private SocketSink frames;
    /** Null, as is the next one, while no target needs it. */
    private DepartureWatch watch;

    private SocketSink raw;
    /** By the number of a target: by which of the two its packets leave. */
    private final SocketSink[] sinks;
    /** By the number of a target: what becomes of its packets, for the log. */
    private final String[] states;

    private boolean hasStarted;
    /** The changes of paths that are in {@link #sinks}. */
    private long knownChanges;

    RoutedSink(EventLoop loop, InjectKind kind, Targets targets, int protocol) throws StartException {
        this.loop = loop;
        this.kind = kind;
        this.targets = targets;
        this.protocol = protocol;
        counters = new InjectCounters(loop::nowNs);
        guard = new NeighbourGuard(loop, targets);
        retryTimer = loop.timer(this::chooseAgain);
        sinks = new SocketSink[targets.size()];
        states = new String[targets.size()];
        try {
            openFrames();
            for (int target = 0; target < sinks.length; target++) {
                choose(target);
            }
        } catch (StartException e) {
            close();
            throw e;
        }
    }

    private void openFrames() throws StartException {
        if (kind == InjectKind.RAW) {
            noFrames = Optional.of("as --inject raw says");
            return;
        }
        try (OpenedTogether opened = new OpenedTogether()) {
            FramePaths all = opened.add(new FramePaths(loop, targets, guard), FramePaths::close);
            FrameOutlet outlet = opened.add(new FrameOutlet(all), FrameOutlet::close);
            frames = new SocketSink(loop, targets, all, outlet, counters);
            paths = all;
            knownChanges = paths.changes();
            opened.keep();
        } catch (StartException e) {
            if (kind == InjectKind.FRAME) {
                throw e;
            }
            noFrames = Optional.of(e.getMessage());
        }
    }

    @Override
    public void started() {
        hasStarted = true;
        for (int target = 0; target < states.length; target++) {
            say(target, "");
        }
    }

    @Override
    public void send(OutgoingPacket packet) {
        int target = targets.find(packet.ip().destination(), packet.tcp().destinationPort());
        if (target < 0) {
            counters.failed(Errno.EHOSTUNREACH);
        } else {
            sinks[target].send(packet, target);
        }
    }

    @Override
    public boolean hasRoom() {
        return (frames == null || frames.hasRoom()) && (raw == null || raw.hasRoom());
    }

    @Override
    public boolean isBatchFull() {
        return frames != null && frames.isBatchFull() || raw != null && raw.isBatchFull();
    }

    @Override
    public void flush() {
        if (frames != null) {
            frames.flush();
        }
        if (raw != null) {
            raw.flush();
        }
        if (paths != null && paths.changes() != knownChanges) {
            chooseAgain();
        }
    }

    @Override
    public void giveUp() {
        if (frames != null) {
            frames.giveUp();
        }
        if (raw != null) {
            raw.giveUp();
        }
    }

    @Override
    public boolean isReady() {
        return (frames == null || frames.isReady()) && (raw == null || raw.isReady());
    }

    @Override
    public int mtu() {
        return guard.mtu();
    }

    @Override
    public InjectCounters counters() {
        return counters;
    }

    @Override
    public void close() {
        retryTimer.cancel();
        if (frames != null) {
            frames.close();
        }
        if (raw != null) {
            raw.close();
        }
        guard.close();
    }

    /** Something about the paths has changed. */
    private void chooseAgain() {
        knownChanges = paths.changes();
        for (int target = 0; target < sinks.length; target++) {
            try {
                choose(target);
            } catch (StartException e) {
                // Those for frames are not sent either while there is an obstacle, and counted.
                useFrames(target);
                report(target, NO_PACKETS + e.getMessage());
                retryTimer.schedule(RETRY_NS);
            }
        }
        if (raw != null && !Arrays.asList(sinks).contains(raw)) {
            raw.close();
            raw = null;
            watch = null;
        }
    }

    private void choose(int target) throws StartException {
        Optional<String> obstacle = noFrames.isPresent() ? noFrames : paths.obstacle(target);
        if (obstacle.isEmpty()) {
            useFrames(target);
            reportFrames(target);
        } else if (kind == InjectKind.FRAME) {
            throw new StartException("there are no frames for the target " + targets.get(target) + ", but --inject"
                    + " frame asks for them: " + obstacle.get());
        } else {
            useRaw(target);
            report(target, "gets IP packets through the raw socket: " + obstacle.get());
        }
    }

    private void useFrames(int target) {
        if (watch != null) {
            watch.forget(target);
        }
        paths.use(target, true);
        sinks[target] = frames;
    }

    private void useRaw(int target) throws StartException {
        if (raw == null) {
            openRaw();
        }
        if (paths != null) {
            paths.use(target, false);
        }
        watch.watch(target);
        sinks[target] = raw;
    }

    private void openRaw() throws StartException {
        try (OpenedTogether opened = new OpenedTogether()) {
            DepartureWatch all = opened.add(new DepartureWatch(loop, targets, guard, protocol), DepartureWatch::close);
            RawOutlet outlet = opened.add(new RawOutlet(), RawOutlet::close);
            raw = new SocketSink(loop, targets, all, outlet, counters);
            watch = all;
            opened.keep();
        }
    }

    private void reportFrames(int target) {
        LinkPath path = paths.path(target);
        if (path != null) {
            report(target, "gets frames on " + path);
        } else if (!guard.hasRoute(target)) {
            report(target, NO_PACKETS + "there is no route to it");
        } else if (!hasStarted) {
            report(target, "gets frames as soon as its next hop has answered");
        }
    }

    private void report(int target, String state) {
        if (!state.equals(states[target])) {
            states[target] = state;
            // Whoever cannot start says so in one line.
            if (hasStarted) {
                say(target, "now ");
            }
        }
    }

    private void say(int target, String when) {
        if (states[target].startsWith(NO_PACKETS)) {
            LOG.warn("target {} {}", targets.get(target), states[target]);
        } else {
            LOG.info("target {} {}{}", targets.get(target), when, states[target]);
        }
    }
}
