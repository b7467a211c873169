package io.tcpcopy.inject.frame;

import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.route.IpsecPolicies;
import io.tcpcopy.inject.route.LinkPath;
import io.tcpcopy.inject.route.NeighbourGuard;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.StartException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Frames go by the kernel's routes, devices and neighbours, as the guard knows them, where it would send IP packets the same
 * way. For other targets there is an {@link #obstacle}.
 *
 * <p>What the kernel tells by itself is known at once; once a second the rest is looked at: IPsec policies, learned MTUs. Then, too, a next
 * hop that frames go to is confirmed if its address has become stale (after half a minute by default): it is used by frames
 * alone, of which the kernel's neighbour table knows nothing.
 */
public final class FramePaths implements FrameGate, AutoCloseable {
    private static final long CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final Targets targets;
    private final NeighbourGuard guard;
    private final IpsecPolicies policies;
    private final LoopTimer checkTimer;
    /** Each by the number of a target. */
    private final LinkPath[] paths;

    private final List<Optional<String>> obstacles;
    private final boolean[] used;
    /** The guard's changes that are in them. */
    private long knownChanges;

    private long changes;

    /**
     * Paths to the targets, of which none is used yet.
     *
     * @param guard not closed with it
     * @throws StartException when the kernel cannot be asked about IPsec policies
     */
    public FramePaths(EventLoop loop, Targets targets, NeighbourGuard guard) throws StartException {
        this.targets = targets;
        this.guard = guard;
        policies = new IpsecPolicies();
        paths = new LinkPath[targets.size()];
        used = new boolean[targets.size()];
        obstacles = new ArrayList<>(Collections.nCopies(targets.size(), Optional.empty()));
        update();
        checkTimer = loop.timer(this::check);
        checkTimer.schedule(CHECK_INTERVAL_NS);
    }

    /** Says whether frames are sent to a target: its next hop is then kept confirmed. */
    public void use(int target, boolean isUsed) {
        used[target] = isUsed;
    }

    /** Why frames for a target must not be made, for the log; empty where they may. */
    public Optional<String> obstacle(int target) {
        updateIfChanged();
        return obstacles.get(target);
    }

    @Override
    public LinkPath path(int target) {
        updateIfChanged();
        return paths[target];
    }

    /** How often {@link #obstacle} or {@link #path} may have changed. */
    public long changes() {
        updateIfChanged();
        return changes;
    }

    @Override
    public void refresh() {
        guard.refresh();
    }

    @Override
    public InjectCounter fate(int target) {
        if (path(target) == null) {
            return withoutPath(target);
        }
        return guard.fate(target);
    }

    private InjectCounter withoutPath(int target) {
        if (obstacles.get(target).isPresent()) {
            return InjectCounter.TARGET_CLOSED;
        }
        return guard.hasRoute(target) ? InjectCounter.NEXT_HOP_SILENT : InjectCounter.NO_ROUTE;
    }

    @Override
    public boolean isOpenForAll() {
        for (int target = 0; target < used.length; target++) {
            if (used[target] && fate(target) != InjectCounter.SENT) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int mtu(int target) {
        return guard.mtu(target);
    }

    @Override
    public int mtu() {
        return guard.mtu();
    }

    @Override
    public void close() {
        checkTimer.cancel();
        policies.close();
    }

    private void check() {
        checkTimer.schedule(CHECK_INTERVAL_NS);
        guard.lookAgain();
        if (policies.lookAgain()) {
            update();
        }
        for (int target = 0; target < used.length; target++) {
            if (used[target]) {
                guard.confirm(target);
            }
        }
    }

    private void updateIfChanged() {
        if (guard.changes() != knownChanges) {
            update();
        }
    }

    private void update() {
        knownChanges = guard.changes();
        changes++;
        for (int target = 0; target < paths.length; target++) {
            Optional<String> obstacle = findObstacle(target);
            obstacles.set(target, obstacle);
            paths[target] = obstacle.isPresent() ? null : guard.path(target);
        }
    }

    private Optional<String> findObstacle(int target) {
        Optional<String> obstacle = guard.obstacle(target);
        return obstacle.isPresent()
                ? obstacle
                : policies.obstacle(targets.get(target).address(), guard.hasHiddenMtu(target));
    }
}
