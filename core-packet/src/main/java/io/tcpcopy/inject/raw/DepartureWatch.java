package io.tcpcopy.inject.raw;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.StartException;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
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
public final class DepartureWatch implements TargetGate, Source {
    private static final Logger LOG = LoggerFactory.getLogger(DepartureWatch.class);

    private static final long TICK_NS = TimeUnit.SECONDS.toNanos(1);
    /** More than the packets of a probe. */
    private static final int PROBE_PACKETS = 4;

    private static final int PROBE_BYTES = 256;
    private static final int UNKNOWN = -1;

    private final EventLoop loop;
    private final NeighbourGuard guard;
    private final WatchedTarget[] targets;
    private final Marks marks = new Marks();
    private final SentPackets sent = new SentPackets();
    private final LeavingPacket leaving;
    private final Probe probe;
    private final MessageBatch probeBatch = new MessageBatch(PROBE_PACKETS, PROBE_BYTES);
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
     * Watches what leaves for some targets.
     *
     * @param targets each once
     * @param protocol of what is sent: TCP or UDP, by IANA's numbers
     * @throws StartException when the kernel does not show what leaves, or does not answer requests about routes
     */
    public DepartureWatch(EventLoop loop, List<Endpoint> targets, int protocol) throws StartException {
        this.loop = loop;
        List<Address> addresses =
                targets.stream().map(Endpoint::address).distinct().toList();
        probeSocket = new RawSocket();
        tap = new DepartureTap(addresses.stream().map(Address::bits).collect(Collectors.toSet()), protocol, marks);
        guard = new NeighbourGuard(loop, addresses);
        this.targets = targets.stream()
                .map(target ->
                        new WatchedTarget(target, guard.target(target.address().bits(), target.port()), loop.nowNs()))
                .toArray(WatchedTarget[]::new);
        leaving = new LeavingPacket(protocol);
        probe = new Probe(protocol);
        timer = loop.timer(this::tick);
        registration = loop.register(this, Priority.TUNNEL, SelectionKey.OP_READ);
        tick();
    }

    @Override
    public void refresh() {
        guard.refresh();
        if (!areTargetsOpen()) {
            sendProbes();
        }
    }

    @Override
    public int target(int address, int port) {
        for (int i = 0; i < targets.length; i++) {
            Endpoint end = targets[i].target();
            if (end.port() == port && end.address().bits() == address) {
                return i;
            }
        }
        return UNKNOWN;
    }

    @Override
    public InjectCounter fate(int target) {
        if (target < 0 || !targets[target].isOpen()) {
            return InjectCounter.TARGET_CLOSED;
        }
        return guard.fate(targets[target].hop());
    }

    @Override
    public boolean isOpenForAll() {
        return areTargetsOpen() && guard.isOpenForAll();
    }

    private boolean areTargetsOpen() {
        for (WatchedTarget watched : targets) {
            if (!watched.isOpen()) {
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
    public void leaving(int target, ByteBuffer packet, int offset) {
        WatchedTarget watched = targets[target];
        boolean wanted = watched.wantsLook(loop.nowNs());
        boolean readable = leaving.wrap(packet, offset, packet.capacity() - offset);
        if (!readable || leaving.isFragment() || !wanted && !leaving.isSyn()) {
            return;
        }
        if (wanted) {
            leaving.mark(marks.of(target));
            watched.lookFor(leaving.key(), loop.nowNs());
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
        WatchedTarget watched = targets[target];
        watched.forgetLook();
        if (errno == Errno.EPERM) {
            close(watched, refusal(errno));
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
        guard.close();
    }

    private void tick() {
        long nowNs = loop.nowNs();
        for (WatchedTarget watched : targets) {
            if (watched.isProbeUnseen(nowNs)) {
                if (isHopOpen(watched)) {
                    close(watched, "a test packet left on no device (a firewall rule, traffic control or IPsec)");
                } else {
                    watched.probeUnsent(nowNs);
                }
            }
        }
        sendProbes();
        scheduleTick();
    }

    private void scheduleTick() {
        if (!timer.isScheduled()) {
            for (WatchedTarget watched : targets) {
                if (watched.isWaiting()) {
                    timer.schedule(TICK_NS);
                    return;
                }
            }
        }
    }

    /** Sends the probes that are due to targets whose next hop answers. */
    private void sendProbes() {
        for (int i = 0; i < targets.length; i++) {
            WatchedTarget watched = targets[i];
            if (watched.isProbeDue(loop.nowNs()) && isHopOpen(watched)) {
                sendProbe(i);
            }
        }
    }

    private boolean isHopOpen(WatchedTarget watched) {
        return guard.fate(watched.hop()) == InjectCounter.SENT;
    }

    private void sendProbe(int number) {
        WatchedTarget watched = targets[number];
        probe.write(probeBatch, watched.target(), number, marks.of(number));
        watched.probe(probe.allSteps(), loop.nowNs());
        int done = 0;
        while (done < probeBatch.count()) {
            leaving.wrap(probeBatch.packets(), probeBatch.offset(done), PROBE_BYTES - probeBatch.offset(done));
            sent.add(leaving, number);
            int result = probeSocket.send(probeBatch, done, 1);
            if (result < 0 && result != -Errno.EINTR) {
                probeRefused(watched, -result);
                return;
            }
            done += Math.max(0, result);
        }
        look();
    }

    private void probeRefused(WatchedTarget watched, int errno) {
        if (errno == Errno.EPERM) {
            close(watched, refusal(errno));
            return;
        }
        watched.probeUnsent(loop.nowNs());
        if (errno != Errno.EAGAIN && !watched.isOpen()) {
            report(watched, refusal(errno));
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
            close(targets[sent.target(place)], change);
            sent.remove(place);
        }
    }

    private void seen(LeavingPacket packet, int device) {
        int place = sent.find(packet.key());
        if (place < 0) {
            return;
        }
        WatchedTarget watched = targets[sent.target(place)];
        String change = change(packet, device, place, watched);
        if (change != null) {
            changes.putIfAbsent(packet.key(), change);
            return;
        }
        boolean isProbe = sent.source(place) == Probe.SOURCE;
        // It is seen again on each device below the first.
        sent.remove(place);
        if (!isProbe) {
            watched.seen(packet.key());
        } else if (watched.probeSeen(probe.step(packet))) {
            LOG.info("target {} gets packets again", watched.target());
        }
    }

    private void close(WatchedTarget watched, String finding) {
        watched.close(loop.nowNs());
        scheduleTick();
        report(watched, finding);
    }

    private static void report(WatchedTarget watched, String finding) {
        if (watched.report()) {
            LOG.warn(
                    "target {} gets no packets: {}; clients could be disturbed. Tried again every 10 s",
                    watched.target(),
                    finding);
        }
    }

    /** Says what of a packet is not as it was sent; null if all is. */
    private String change(LeavingPacket packet, int device, int place, WatchedTarget watched) {
        if (!packet.isFrom(sent.source(place), sent.sourcePort(place))) {
            return "they leave with the source " + packet.sourceEnd() + " and not "
                    + Endpoint.ipv4(sent.source(place), sent.sourcePort(place))
                    + " (NAT, from which a NOTRACK rule spares copies)";
        }
        if (!packet.isFor(watched.target())) {
            return "they leave for " + packet.destinationEnd() + " (NAT, from which a NOTRACK rule spares copies)";
        }
        int expected = guard.device(watched.hop());
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
