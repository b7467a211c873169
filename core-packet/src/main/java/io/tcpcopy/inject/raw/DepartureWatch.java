package io.tcpcopy.inject.raw;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.MessageBatch;
import io.tcpcopy.inject.TargetGate;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.route.NeighbourGuard;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps what is sent to targets from coming back to real clients by way of this host's firewall. A packet socket shows what leaves:
 * where it is not what was sent, a NAT would hand the target's answers to the clients; where the kernel refuses it, a rule may have
 * told them so. Then nothing more leaves for that target, a line says what was seen, and it is tried again every 10 seconds with a
 * {@link Probe}, which must leave as it is. So must one before the first copy.
 *
 * <p>Afterwards each SYN is looked at, since NAT decides once for a connection, and of other copies one a second. One that is not
 * seen at all, in a device's queue for instance, is followed by a probe.
 */
public final class DepartureWatch implements TargetGate, Source, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DepartureWatch.class);

    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);
    /** More than the packets of a probe. */
    private static final int PROBE_PACKETS = 4;

    private static final int PROBE_BYTES = 256;
    private final EventLoop loop;
    private final Targets targets;
    private final NeighbourGuard guard;
    /** By the number of a target; null for those that packets leave for by another way. */
    private final WatchedTarget[] watched;

    private final Marks marks = new Marks();
    private final SentPackets sent = new SentPackets();
    private final LeavingPacket leaving;
    private final Probe probe;
    private final MessageBatch probeBatch;
    private final RawSocket probeSocket;
    private final DepartureTap tap;
    private final DepartureTap.Viewer viewer = this::seen;
    /** What is not as it was sent, by the keys of packets that were seen in a changed form alone so far. */
    private final Map<Long, String> changes = new HashMap<>();

    private final Registration registration;
    private final LoopTimer timer;
    /** Whether something has left that is to be seen. */
    private boolean looks;

    /**
     * Watches what leaves for no target yet.
     *
     * @param guard of the same targets, not closed with the watch
     * @param protocol of what is sent: TCP or UDP, by IANA's numbers
     * @throws StartException when the kernel does not show what leaves
     */
    public DepartureWatch(EventLoop loop, Targets targets, NeighbourGuard guard, int protocol) throws StartException {
        this.loop = loop;
        this.targets = targets;
        this.guard = guard;
        watched = new WatchedTarget[targets.size()];
        leaving = new LeavingPacket(protocol);
        probe = new Probe(protocol);
        timer = loop.timer(this::tick);
        try (OpenedTogether opened = new OpenedTogether()) {
            probeBatch = opened.add(
                    new MessageBatch(PROBE_PACKETS, PROBE_BYTES, SocketAddress.IPV4_LENGTH), MessageBatch::close);
            probeSocket = opened.add(new RawSocket(), RawSocket::close);
            tap = opened.add(new DepartureTap(protocol, marks), DepartureTap::close);
            registration = loop.register(this, Priority.TUNNEL, SelectionKey.OP_READ);
            opened.keep();
        }
    }

    /** Watches what leaves for a target from now on, for which nothing may leave before the first probe was seen. */
    public void watch(int target) {
        if (watched[target] == null) {
            watched[target] = new WatchedTarget(targets.get(target), loop.nowNs());
            watchAddresses();
            tick();
        }
    }

    /** No more packets leave for a target by this way. */
    public void forget(int target) {
        if (watched[target] != null) {
            watched[target] = null;
            sent.removeFor(target);
            watchAddresses();
        }
    }

    private void watchAddresses() {
        int result = tap.watch(Stream.of(watched)
                .filter(Objects::nonNull)
                .map(each -> each.target().address().bits())
                .collect(Collectors.toSet()));
        if (result < 0) {
            // Then probes are not seen, and their targets stay closed.
            LOG.warn("cannot watch what leaves this host: {}", Errno.message(-result));
        }
    }

    @Override
    public void refresh() {
        guard.refresh();
        if (!areTargetsOpen()) {
            sendProbes();
        }
    }

    @Override
    public InjectCounter fate(int target) {
        if (watched[target] == null || !watched[target].isOpen()) {
            return InjectCounter.TARGET_CLOSED;
        }
        return guard.fate(target);
    }

    @Override
    public boolean isOpenForAll() {
        for (int target = 0; target < watched.length; target++) {
            if (watched[target] != null && fate(target) != InjectCounter.SENT) {
                return false;
            }
        }
        return true;
    }

    private boolean areTargetsOpen() {
        for (WatchedTarget each : watched) {
            if (each != null && !each.isOpen()) {
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
    public void leaving(int target, ByteBuffer packet, int offset) {
        WatchedTarget each = watched[target];
        boolean wanted = each.wantsLook(loop.nowNs());
        boolean readable = leaving.wrap(packet, offset, packet.capacity() - offset);
        if (!readable || leaving.isFragment() || !wanted && !leaving.isSyn()) {
            return;
        }
        if (wanted) {
            leaving.mark(marks.of(target));
            each.lookFor(leaving.key(), loop.nowNs());
            scheduleTick();
        }
        sent.add(leaving, target);
        looks = true;
    }

    @Override
    public void left() {
        if (looks) {
            looks = false;
            look();
        }
    }

    @Override
    public void refused(int target, int errno) {
        watched[target].forgetLook();
        if (errno == Errno.EPERM) {
            close(target, refusal(errno));
        }
    }

    @Override
    public int fd() {
        return tap.fd();
    }

    @Override
    public boolean ready(int readyOps) {
        if (readyOps == 0) {
            registration.cancel();
            return false;
        }
        tap.clearError();
        look();
        return false;
    }

    @Override
    public void close() {
        timer.cancel();
        registration.cancel();
        tap.close();
        probeSocket.close();
        probeBatch.close();
    }

    private void tick() {
        long nowNs = loop.nowNs();
        for (int target = 0; target < watched.length; target++) {
            WatchedTarget each = watched[target];
            if (each != null && each.isProbeUnseen(nowNs)) {
                if (isHopOpen(target)) {
                    close(target, "a test packet left on no device (a firewall rule, traffic control or IPsec)");
                } else {
                    each.probeUnsent(nowNs);
                }
            }
        }
        sendProbes();
        scheduleTick();
    }

    private void scheduleTick() {
        if (!timer.isScheduled()) {
            for (WatchedTarget each : watched) {
                if (each != null && each.isWaiting()) {
                    timer.schedule(TICK_NS);
                    return;
                }
            }
        }
    }

    /** Sends the probes that are due to targets whose next hop answers. */
    private void sendProbes() {
        for (int target = 0; target < watched.length; target++) {
            if (watched[target] != null && watched[target].isProbeDue(loop.nowNs()) && isHopOpen(target)) {
                sendProbe(target);
            }
        }
    }

    private boolean isHopOpen(int target) {
        return guard.fate(target) == InjectCounter.SENT;
    }

    private void sendProbe(int target) {
        WatchedTarget each = watched[target];
        probe.write(probeBatch, each.target(), target, marks.of(target));
        each.probe(probe.allSteps(), loop.nowNs());
        int done = 0;
        while (done < probeBatch.count()) {
            leaving.wrap(probeBatch.bytes(), probeBatch.offset(done), PROBE_BYTES - probeBatch.offset(done));
            sent.add(leaving, target);
            int result = probeSocket.send(probeBatch, done, 1);
            if (result < 0 && result != -Errno.EINTR) {
                probeRefused(target, -result);
                return;
            }
            done += Math.max(0, result);
        }
        look();
    }

    private void probeRefused(int target, int errno) {
        if (errno == Errno.EPERM) {
            close(target, refusal(errno));
            return;
        }
        watched[target].probeUnsent(loop.nowNs());
        if (errno != Errno.EAGAIN && errno != Errno.ENOBUFS && !watched[target].isOpen()) {
            report(watched[target], refusal(errno));
        }
    }

    /** Looks at what has left. */
    private void look() {
        tap.read(viewer);
        if (!changes.isEmpty()) {
            changes.forEach(this::changed);
            changes.clear();
        }
    }

    /**
     * What has left may have the key of what was sent and not be the same: another program on this host copies the same clients,
     * and identifications are short. So a change counts only if what was sent was not seen itself.
     */
    private void changed(long key, String change) {
        int place = sent.find(key);
        if (place >= 0) {
            close(sent.target(place), change);
            sent.remove(place);
        }
    }

    private void seen(LeavingPacket packet, int device) {
        int place = sent.find(packet.key());
        if (place < 0) {
            return;
        }
        WatchedTarget each = watched[sent.target(place)];
        String change = change(packet, device, place);
        if (change != null) {
            changes.putIfAbsent(packet.key(), change);
            return;
        }
        boolean isProbe = sent.source(place) == Probe.SOURCE;
        // It is seen again on each device below the first.
        sent.remove(place);
        if (!isProbe) {
            each.seen(packet.key());
        } else if (each.probeSeen(probe.step(packet))) {
            LOG.info("target {} gets packets again", each.target());
        }
    }

    private void close(int target, String finding) {
        watched[target].close(loop.nowNs());
        scheduleTick();
        report(watched[target], finding);
    }

    private static void report(WatchedTarget target, String finding) {
        if (target.report()) {
            LOG.warn(
                    "target {} gets no packets: {}; clients could be disturbed. Tried again every 10 s",
                    target.target(),
                    finding);
        }
    }

    /** Says what of a packet is not as it was sent; null if all is. */
    private String change(LeavingPacket packet, int device, int place) {
        int target = sent.target(place);
        if (!packet.isFrom(sent.source(place), sent.sourcePort(place))) {
            return "they leave with the source " + packet.sourceEnd() + " and not "
                    + Endpoint.ipv4(sent.source(place), sent.sourcePort(place))
                    + " (NAT, from which a NOTRACK rule spares copies)";
        }
        if (!packet.isFor(targets.get(target))) {
            return "they leave for " + packet.destinationEnd() + " (NAT, from which a NOTRACK rule spares copies)";
        }
        int expected = guard.device(target);
        if (device != expected && expected != 0) {
            return "they leave by " + guard.deviceName(device) + ", and the route is by " + guard.deviceName(expected)
                    + " (packet marks, or routes of equal cost)";
        }
        return null;
    }

    private static String refusal(int errno) {
        return "the kernel refuses them: " + Errno.message(errno) + " (" + Errno.name(errno)
                + (errno == Errno.EPERM ? ", a firewall rule or full connection tracking)" : ")");
    }
}
