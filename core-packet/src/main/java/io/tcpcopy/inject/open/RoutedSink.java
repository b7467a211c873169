package io.tcpcopy.inject.open;

import io.tcpcopy.diagnosis.Code;
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
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.OutgoingPacket;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packets go where the kernel's routes say. For each target they leave as frames where frames go the same way as IP packets would,
 * else through a raw socket. A target changes from one to the other when its path does: a line in the log says so. Each has a
 * socket of its own: a device that takes nothing holds up its own targets alone.
 */
final class RoutedSink implements PacketSink {
    private static final Logger LOG = LoggerFactory.getLogger(RoutedSink.class);

    /** When a socket that could not be opened is tried again. */
    private static final long RETRY_NS = TimeUnit.SECONDS.toNanos(10);

    private static final String NO_PACKETS = "gets no packets: ";

    /** How packets for a target leave. */
    private enum Way {
        FRAMES,
        RAW
    }

    private final EventLoop loop;
    private final InjectKind kind;
    private final Targets targets;
    private final int protocol;
    private final InjectCounters counters;
    private final NeighbourGuard guard;
    private final LoopTimer retryTimer;
    /** Why no target gets frames; empty where this depends on the target. */
    private Optional<String> noFrames = Optional.empty();
    /** Null where no target gets frames. */
    private FramePaths paths;
    /** Null while packets for no target leave through a raw socket. */
    private DepartureWatch watch;
    /** By the number of a target, as are the next ones: where its packets leave. */
    private final SocketSink[] sinks;

    private final Way[] ways;
    /** What becomes of its packets, for the log. */
    private final String[] states;
    /** Where the last packet went, or the next one may. */
    private SocketSink last;

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
        ways = new Way[targets.size()];
        states = new String[targets.size()];
        try {
            openPaths();
            for (int target = 0; target < sinks.length; target++) {
                choose(target);
            }
        } catch (StartException e) {
            close();
            throw e;
        }
    }

    private void openPaths() throws StartException {
        if (kind == InjectKind.RAW) {
            noFrames = Optional.of("as --inject raw says");
            return;
        }
        try {
            paths = new FramePaths(loop, targets, guard);
            knownChanges = paths.changes();
        } catch (StartException e) {
            goOnWithoutFrames(e);
        }
    }

    private void goOnWithoutFrames(StartException reason) throws StartException {
        if (kind == InjectKind.FRAME) {
            throw reason;
        }
        noFrames = Optional.of(reason.getMessage());
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
            last = sinks[target];
            last.send(packet, target);
        }
    }

    @Override
    public boolean hasRoom(int address, int port) {
        int target = targets.find(address, port);
        return target < 0 || sinks[target].hasRoom();
    }

    @Override
    public boolean isBatchFull() {
        return last.isBatchFull();
    }

    @Override
    public void flush() {
        for (SocketSink sink : sinks) {
            sink.flush();
        }
        if (paths != null && paths.changes() != knownChanges) {
            chooseAgain();
        }
    }

    @Override
    public void giveUp() {
        for (SocketSink sink : sinks) {
            sink.giveUp();
        }
    }

    @Override
    public boolean isReady() {
        for (SocketSink sink : sinks) {
            if (!sink.isReady()) {
                return false;
            }
        }
        return true;
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
        for (SocketSink sink : sinks) {
            if (sink != null) {
                sink.close();
            }
        }
        closeWatch();
        if (paths != null) {
            paths.close();
        }
        guard.close();
    }

    private void closeWatch() {
        if (watch != null) {
            watch.close();
            watch = null;
        }
    }

    /** Something about the paths has changed. */
    private void chooseAgain() {
        knownChanges = paths.changes();
        for (int target = 0; target < sinks.length; target++) {
            try {
                choose(target);
            } catch (StartException e) {
                // Frames, which it keeps, are not sent either while there is an obstacle, and counted.
                report(target, NO_PACKETS + e.getMessage());
                retryTimer.schedule(RETRY_NS);
            }
        }
        if (!Arrays.asList(ways).contains(Way.RAW)) {
            closeWatch();
        }
    }

    private void choose(int target) throws StartException {
        Optional<String> obstacle = noFrames.isPresent() ? noFrames : paths.obstacle(target);
        if (obstacle.isEmpty()) {
            obstacle = tryFrames(target);
        }
        if (obstacle.isEmpty()) {
            reportFrames(target);
        } else if (kind == InjectKind.FRAME) {
            throw new StartException("there are no frames for the target " + targets.get(target) + ", but --inject"
                    + " frame asks for them: " + obstacle.get());
        } else {
            useRaw(target);
            report(target, "gets IP packets through the raw socket: " + obstacle.get());
        }
    }

    /** Uses frames; or says why there are none. What cannot be opened at the start never can; later it may be for a while. */
    private Optional<String> tryFrames(int target) throws StartException {
        if (ways[target] == Way.FRAMES) {
            return Optional.empty();
        }
        try {
            use(target, Way.FRAMES, new SocketSink(loop, targets, paths, new FrameOutlet(paths), counters));
            return Optional.empty();
        } catch (StartException e) {
            if (!hasStarted) {
                goOnWithoutFrames(e);
                return noFrames;
            }
            retryTimer.schedule(RETRY_NS);
            return Optional.of(e.getMessage());
        }
    }

    private void useRaw(int target) throws StartException {
        if (ways[target] != Way.RAW) {
            if (watch == null) {
                watch = new DepartureWatch(loop, targets, guard, protocol);
            }
            use(target, Way.RAW, new SocketSink(loop, targets, watch, new RawOutlet(), counters));
        }
    }

    /** From now on packets for a target leave by a way; what still waits for the other one is given up. */
    private void use(int target, Way way, SocketSink sink) {
        if (sinks[target] != null) {
            sinks[target].close();
        }
        sinks[target] = sink;
        last = sink;
        ways[target] = way;
        if (paths != null) {
            paths.use(target, way == Way.FRAMES);
        }
        if (way == Way.RAW) {
            watch.watch(target);
        } else if (watch != null) {
            watch.forget(target);
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
        if (guard.isLocal(target) && !targets.get(target).address().isLoopback()) {
            LOG.warn(
                    "{}: the target {} is this host itself: unless intercept --traditional stops its answers here, they reach real"
                            + " clients: copy to another host",
                    Code.COPIES_TO_ITSELF.text(),
                    targets.get(target));
        }
    }
}
