package io.tcpcopy.inject;

import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.Endpoint;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.RoutingListener;
import io.tcpcopy.net.RoutingSocket;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.UdpSocket;
import io.tcpcopy.packet.Ipv4Address;
import io.tcpcopy.packet.Ipv4Header;
import java.net.InetAddress;
import java.nio.channels.SelectionKey;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the kernel from telling real clients that a host is unreachable. It does so for every packet, injected ones
 * included, that has waited in vain for the link address of its next hop (RFC 1122, 3.3.1.4 and 2.3.2.2). So this gate is
 * open only while the next hop's neighbour entry is one that packets do not wait for.
 *
 * <p>While it is closed, nothing of ours would make the kernel ask for the address: once a second an ordinary datagram
 * with our own source address goes to the target's discard port. When the kernel has the next hop's address for it, the
 * gate opens.
 *
 * <p>Before an entry fails, the kernel asks three times, a second apart, and still sends packets (state PROBE). The gate
 * closes after the first unanswered question: when the entry fails, none of our packets is on its way into the queue.
 *
 * <p>It also knows how long packets may be on these ways. A change is heard of before the next packets leave.
 */
public final class NeighbourGuard implements TargetGate, Source, RoutingListener {
    private static final Logger LOG = LoggerFactory.getLogger(NeighbourGuard.class);

    /** RFC 863. */
    private static final int DISCARD_PORT = 9;

    private static final long ASK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);
    /** A little more than the second after which the kernel repeats its question ({@code retrans_time_ms}). */
    private static final long PATIENCE_NS = TimeUnit.MILLISECONDS.toNanos(1200);

    private final EventLoop loop;
    private final RoutingSocket news;
    private final RoutingSocket questions;
    private final NextHop[] hops;
    private final boolean[] open;
    /** Asked for since the gate was closed: only what stays closed for longer is worth a line. */
    private final boolean[] askedFor;

    private final boolean[] reported;
    private final Registration registration;
    private final LoopTimer askTimer;
    private final LoopTimer patienceTimer;
    private int mtu;
    private long lastAskedNs;
    private boolean routesChanged;
    private boolean messagesLost;

    /**
     * Watches the way to some targets.
     *
     * @param targets IPv4 addresses, each once
     * @throws StartException when the kernel does not tell about routes
     */
    public NeighbourGuard(EventLoop loop, int... targets) throws StartException {
        this.loop = loop;
        news = RoutingSocket.forNews();
        questions = RoutingSocket.forQuestions();
        hops = new NextHop[targets.length];
        for (int i = 0; i < targets.length; i++) {
            hops[i] = new NextHop(targets[i]);
        }
        open = new boolean[targets.length];
        askedFor = new boolean[targets.length];
        reported = new boolean[targets.length];
        askTimer = loop.timer(this::askAgain);
        patienceTimer = loop.timer(this::judge);
        lastAskedNs = loop.nowNs() - ASK_INTERVAL_NS;
        registration = loop.register(this, Priority.TUNNEL, SelectionKey.OP_READ);
        findRoutes();
        listNeighbours();
        judge();
    }

    /** Whether packets may leave; never for a target that is not watched. */
    @Override
    public boolean isOpen(int target) {
        for (int i = 0; i < hops.length; i++) {
            if (hops[i].target() == target) {
                return open[i];
            }
        }
        return false;
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
    public int mtu() {
        return mtu;
    }

    @Override
    public void refresh() {
        readNews();
    }

    @Override
    public int fd() {
        return news.fd();
    }

    @Override
    public boolean ready(int readyOps) {
        if (readyOps == 0) {
            registration.cancel();
            return false;
        }
        return readNews();
    }

    @Override
    public void neighbour(int interfaceIndex, InetAddress address, int state) {
        for (NextHop hop : hops) {
            hop.neighbour(interfaceIndex, address, state, loop.nowNs());
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
        askTimer.cancel();
        patienceTimer.cancel();
        registration.cancel();
        news.close();
        questions.close();
    }

    private boolean readNews() {
        boolean more = news.readNews(this);
        boolean newHop = routesChanged && findRoutes();
        if (newHop || messagesLost) {
            listNeighbours();
        }
        routesChanged = false;
        messagesLost = false;
        judge();
        return more;
    }

    private boolean findRoutes() {
        boolean changed = false;
        mtu = Ipv4Header.MAX_TOTAL_LENGTH;
        for (NextHop hop : hops) {
            changed |= hop.findRoute(questions);
            mtu = Math.min(mtu, hop.mtu());
        }
        return changed;
    }

    private void listNeighbours() {
        for (NextHop hop : hops) {
            hop.beginList();
        }
        if (questions.neighbours(this)) {
            for (NextHop hop : hops) {
                hop.endList();
            }
        }
    }

    /** Opens and closes the gate of each target by what is known. */
    private void judge() {
        long nowNs = loop.nowNs();
        boolean allOpen = true;
        for (int i = 0; i < hops.length; i++) {
            boolean usable = hops[i].isUsable(nowNs, PATIENCE_NS);
            if (usable && !open[i]) {
                opened(i);
            }
            open[i] = usable;
            allOpen &= usable;
            if (usable && hops[i].isProbing() && !patienceTimer.isScheduled()) {
                patienceTimer.schedule(PATIENCE_NS);
            }
        }
        if (!allOpen && !askTimer.isScheduled()) {
            askTimer.schedule(Math.max(0, lastAskedNs + ASK_INTERVAL_NS - nowNs));
        }
    }

    private void opened(int index) {
        askedFor[index] = false;
        if (reported[index]) {
            reported[index] = false;
            LOG.info("target {} gets packets again", Ipv4Address.format(hops[index].target()));
        }
    }

    /** Looks whether anything was missed, and makes the kernel ask for the link addresses that are wanted. */
    private void askAgain() {
        lastAskedNs = loop.nowNs();
        findRoutes();
        listNeighbours();
        for (int i = 0; i < hops.length; i++) {
            if (!hops[i].isUsable(lastAskedNs, PATIENCE_NS)) {
                int result = UdpSocket.sendNothing(new Endpoint(hops[i].target(), DISCARD_PORT));
                if (askedFor[i] && !reported[i]) {
                    report(i, result);
                }
                askedFor[i] = true;
            }
        }
        judge();
    }

    /** A firewall may keep the question from leaving. */
    private void report(int index, int result) {
        reported[index] = true;
        LOG.warn(
                "target {} gets no packets: its next hop {} {}; without this, clients would be told that the host is"
                        + " unreachable",
                Ipv4Address.format(hops[index].target()),
                hops[index].address().getHostAddress(),
                result < 0 ? "cannot be asked for: " + Errno.message(-result) : "does not answer on the link");
    }
}
