package io.tcpcopy.inject.route;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.TargetGate;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.route.NextHop.Change;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.UdpSocket;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.net.netlink.RoutingListener;
import io.tcpcopy.net.netlink.RoutingSocket;
import io.tcpcopy.packet.Ipv4Header;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel from reporting to real clients that a host is unreachable. The kernel sends that error to the source
 * of every packet, injected ones included, that has waited in vain for the link address of its next hop (RFC 1122,
 * 3.3.1.4 and 2.3.2.2). So the gate for a target is open only while the neighbour entry of its next hop is in a state
 * in which packets do not wait.
 *
 * <p>While the gate is closed, no injected packet makes the kernel resolve the address. Instead, once a second an
 * ordinary datagram with this host's own source address is sent to the target's discard port. When the kernel has
 * resolved the next hop's address for it, the gate opens.
 *
 * <p>Before an entry fails, the kernel sends three probes, a second apart, and still sends packets (state PROBE). The
 * gate closes when the first probe has not been answered, so that no injected packet waits when the entry fails.
 *
 * <p>The guard also knows the paths to the targets: their MTU, and what frames need. It reads a change before the next packets
 * leave.
 */
public final class NeighbourGuard implements TargetGate, Source, RoutingListener, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(NeighbourGuard.class);

    /** The port of a service that throws away what it receives (RFC 863). */
    private static final int DISCARD_PORT = 9;

    /** How often the kernel is made to resolve addresses that are missing: as often as it sends requests for one. */
    private static final long RESOLVE_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    /** A little more than the second after which the kernel sends the next probe ({@code retrans_time_ms}). */
    static final long PROBE_TIMEOUT_NS = TimeUnit.MILLISECONDS.toNanos(1200);

    private final EventLoop loop;
    private final RoutingSocket events;
    private final RoutingSocket requests;
    /** By the number of a target, the place of its address among the next ones. */
    private final int[] hopOfTarget;
    /** One for each address, whatever the ports, as are the next four. */
    private final NextHop[] hops;

    private final boolean[] open;
    /** Whether a datagram was sent since the gate was closed: only a gate that stays closed is reported. */
    private final boolean[] solicited;

    private final boolean[] reported;
    /** Whether it was said that a next hop that frames go to cannot be confirmed. */
    private final boolean[] unconfirmed;

    private final Registration registration;
    private final LoopTimer resolveTimer;
    private final LoopTimer probeTimer;
    private int mtu;
    private long lastResolvedNs;
    private boolean routesChanged;
    private boolean messagesLost;
    private long changes;

    /**
     * Watches the next hops of some targets.
     *
     * @throws StartException when the kernel does not answer requests about routes
     */
    public NeighbourGuard(EventLoop loop, Targets targets) throws StartException {
        this.loop = loop;
        List<Address> addresses =
                targets.ends().stream().map(Endpoint::address).distinct().toList();
        hopOfTarget = targets.ends().stream()
                .mapToInt(end -> addresses.indexOf(end.address()))
                .toArray();
        hops = addresses.stream().map(NextHop::new).toArray(NextHop[]::new);
        open = new boolean[hops.length];
        solicited = new boolean[hops.length];
        reported = new boolean[hops.length];
        unconfirmed = new boolean[hops.length];
        resolveTimer = loop.timer(this::resolve);
        probeTimer = loop.timer(this::updateGates);
        lastResolvedNs = loop.nowNs() - RESOLVE_INTERVAL_NS;
        try (OpenedTogether opened = new OpenedTogether()) {
            events = opened.add(RoutingSocket.forEvents(), RoutingSocket::close);
            requests = opened.add(RoutingSocket.forRequests(), RoutingSocket::close);
            registration = loop.register(this, Priority.TUNNEL, SelectionKey.OP_READ);
            opened.keep();
        }
        findRoutes();
        listNeighbours();
        updateGates();
    }

    @Override
    public InjectCounter fate(int target) {
        if (open[hopOfTarget[target]]) {
            return InjectCounter.SENT;
        }
        return hasRoute(target) ? InjectCounter.NEXT_HOP_SILENT : InjectCounter.NO_ROUTE;
    }

    /** The index of the device by which packets for a target leave; 0 while there is no route. */
    public int device(int target) {
        return hop(target).interfaceIndex();
    }

    /** The name of a device, for messages. */
    public String deviceName(int interfaceIndex) {
        return requests.link(interfaceIndex).map(Link::name).orElse("no device");
    }

    /** Whether the kernel knows a route to a target. */
    public boolean hasRoute(int target) {
        return hop(target).hasRoute();
    }

    /** Whether a target is this host itself. */
    public boolean isLocal(int target) {
        return hop(target).isLocal();
    }

    /** Why no frames can be made for a target, for the log; empty where they can, or while there is no route. */
    public Optional<String> obstacle(int target) {
        return hop(target).obstacle();
    }

    /** Where frames for a target go; null while that is not known, or where there is an {@link #obstacle}. */
    public LinkPath path(int target) {
        return hop(target).path();
    }

    /** Whether ordinary sockets have another MTU for a target than its route and device say: something is done on this host. */
    public boolean hasHiddenMtu(int target) {
        return hop(target).hasHiddenMtu();
    }

    /** How often something has changed that {@link #obstacle}, {@link #path}, {@link #hasHiddenMtu} or {@link #fate} depend on. */
    public long changes() {
        return changes;
    }

    private NextHop hop(int target) {
        return hops[hopOfTarget[target]];
    }

    @Override
    public boolean isOpenForAll() {
        for (boolean isOpen : open) {
            if (!isOpen) {
                return false;
            }
        }
        return true;
    }

    @Override
    public int mtu(int target) {
        return hop(target).mtu();
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public void refresh() {
        readEvents();
    }

    @Override
    public int fd() {
        return events.fd();
    }

    @Override
    public boolean ready(int readyOps) {
        if (readyOps == 0) {
            registration.cancel();
            return false;
        }
        return readEvents();
    }

    @Override
    public void neighbour(int interfaceIndex, InetAddress address, int state, OptionalLong linkAddress) {
        for (NextHop hop : hops) {
            if (hop.neighbour(interfaceIndex, address, state, linkAddress, loop.nowNs())) {
                changes++;
            }
        }
    }

    @Override
    public void routesChanged() {
        routesChanged = true;
    }

    @Override
    public void messagesLost() {
        routesChanged = true;
        messagesLost = true;
    }

    @Override
    public void close() {
        resolveTimer.cancel();
        probeTimer.cancel();
        registration.cancel();
        events.close();
        requests.close();
    }

    /** Returns whether there may be more to read. */
    private boolean readEvents() {
        boolean more = events.readEvents(this);
        boolean newHop = routesChanged && findRoutes();
        if (newHop || messagesLost) {
            listNeighbours();
        }
        routesChanged = false;
        messagesLost = false;
        updateGates();
        return more;
    }

    /** Looks at all routes again: no event tells of an MTU that the kernel has learned. */
    public void lookAgain() {
        if (findRoutes()) {
            listNeighbours();
        }
        updateGates();
    }

    /**
     * Has the kernel find out whether the next hop of a target is still there, if nobody has used its address lately. Frames do not
     * make it do so.
     */
    public void confirm(int target) {
        if (hop(target).isStale()) {
            noteConfirming(hopOfTarget[target], ask(hop(target)));
        }
    }

    /** Where it is refused, nobody would notice that the next hop is gone. */
    private void noteConfirming(int index, int result) {
        if (result < 0 == unconfirmed[index]) {
            return;
        }
        unconfirmed[index] = result < 0;
        Address target = hops[index].target();
        String address = hops[index].address().getHostAddress();
        if (unconfirmed[index]) {
            LOG.warn(
                    "target {}: its next hop {} cannot be asked for: {}; frames go on to the link address that was known last",
                    target,
                    address,
                    Errno.message(-result));
        } else {
            LOG.info("target {}: its next hop {} can be asked for again", target, address);
        }
    }

    /**
     * Sends what makes the kernel find out the address of a next hop, or whether it still has it.
     *
     * @return 0, or the errno with a minus sign, where a firewall forbids it for instance
     */
    static int ask(NextHop hop) {
        return UdpSocket.sendEmpty(new Endpoint(hop.target(), DISCARD_PORT));
    }

    /** Returns whether a target has another next hop than before. */
    private boolean findRoutes() {
        boolean otherHop = false;
        mtu = Ipv4Header.MAX_TOTAL_LENGTH;
        for (NextHop hop : hops) {
            Change change = hop.findRoute(requests);
            otherHop |= change == Change.OTHER_HOP;
            if (change != Change.NONE) {
                changes++;
            }
            mtu = Math.min(mtu, hop.mtu());
        }
        return otherHop;
    }

    private void listNeighbours() {
        for (NextHop hop : hops) {
            hop.beginList();
        }
        if (requests.neighbours(this)) {
            for (NextHop hop : hops) {
                if (hop.endList()) {
                    changes++;
                }
            }
        }
    }

    /** Opens or closes the gate for each target, as the state of its next hop asks for. */
    private void updateGates() {
        long nowNs = loop.nowNs();
        boolean allOpen = true;
        for (int i = 0; i < hops.length; i++) {
            boolean usable = hops[i].isUsable(nowNs, PROBE_TIMEOUT_NS);
            if (usable && !open[i]) {
                onOpened(i);
            }
            open[i] = usable;
            allOpen &= usable;
            if (usable && hops[i].isProbed() && !probeTimer.isScheduled()) {
                probeTimer.schedule(PROBE_TIMEOUT_NS);
            }
        }
        if (!allOpen && !resolveTimer.isScheduled()) {
            resolveTimer.schedule(Math.max(0, lastResolvedNs + RESOLVE_INTERVAL_NS - nowNs));
        }
    }

    private void onOpened(int index) {
        solicited[index] = false;
        if (reported[index]) {
            reported[index] = false;
            LOG.info("target {} gets packets again", hops[index].target());
        }
    }

    /**
     * Lists routes and neighbours anew, should an event have been missed, and makes the kernel resolve what is missing.
     */
    private void resolve() {
        lastResolvedNs = loop.nowNs();
        findRoutes();
        listNeighbours();
        for (int i = 0; i < hops.length; i++) {
            if (!hops[i].isUsable(lastResolvedNs, PROBE_TIMEOUT_NS)) {
                int result = ask(hops[i]);
                if (solicited[i] && !reported[i]) {
                    report(i, result);
                }
                solicited[i] = true;
            }
        }
        updateGates();
    }

    /**
     * Writes to the log that packets for a target do not leave, and why.
     *
     * @param result of asking for it
     */
    private void report(int index, int result) {
        reported[index] = true;
        LOG.warn(
                "target {} gets no packets: its next hop {} {}; without this, clients would be told that the host is"
                        + " unreachable",
                hops[index].target(),
                hops[index].address().getHostAddress(),
                result < 0 ? "cannot be asked for: " + Errno.message(-result) : "does not answer on the link");
    }
}
