package io.tcpcopy.inject.frame;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.inject.InjectCounter;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.route.LinkPath;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.netlink.Link;
import io.tcpcopy.net.netlink.RoutingSocket;
import io.tcpcopy.packet.Ipv4Header;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Frames go by a device and to addresses that the user gave, or nowhere: no next hop has to be watched, since the kernel never
 * answers a frame to its source. While the device is gone or down, the kernel refuses them.
 */
public final class FixedPaths implements FrameGate, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(FixedPaths.class);

    /** How often the device is looked at: whether it is there, and its MTU. */
    private static final long CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    private final FrameSettings settings;
    private final RoutingSocket requests;
    private final LoopTimer checkTimer;
    /** By the number of a target. */
    private final LinkPath[] paths;

    private int mtu;
    private boolean isThere;

    /**
     * Looks at the device.
     *
     * @param targets of which each address has a route in the settings
     * @throws UnusableDeviceException when there is no such device, or it is not one for Ethernet
     * @throws StartException when it is down
     */
    public FixedPaths(EventLoop loop, Targets targets, FrameSettings settings)
            throws UnusableDeviceException, StartException {
        this.settings = settings;
        Link link;
        try (OpenedTogether opened = new OpenedTogether()) {
            requests = opened.add(RoutingSocket.forRequests(), RoutingSocket::close);
            link = findDevice();
            opened.keep();
        }
        paths = targets.ends().stream()
                .map(target -> path(link, settings.route(target.address())))
                .toArray(LinkPath[]::new);
        isThere = true;
        setMtu(link);
        checkTimer = loop.timer(this::check);
        checkTimer.schedule(CHECK_INTERVAL_NS);
    }

    private Link findDevice() throws UnusableDeviceException, StartException {
        Link link = requests.link(settings.device())
                .orElseThrow(() -> new UnusableDeviceException("there is no device " + settings.device()));
        if (!link.isUp()) {
            throw new StartException(Code.DEVICE, "the device " + settings.device() + " is down");
        }
        if (!link.isEthernet()) {
            throw new UnusableDeviceException("the device " + settings.device() + " is not one for Ethernet");
        }
        return link;
    }

    private static LinkPath path(Link link, FrameRoute route) {
        return new LinkPath(link.interfaceIndex(), link.name(), true, route.source(), route.nextHop());
    }

    @Override
    public LinkPath path(int target) {
        return paths[target];
    }

    /** Nothing is asked for each packet. */
    @Override
    public void refresh() {}

    @Override
    public InjectCounter fate(int target) {
        return InjectCounter.SENT;
    }

    @Override
    public boolean isOpenForAll() {
        return isThere;
    }

    @Override
    public int mtu(int target) {
        return mtu;
    }

    @Override
    public int mtu() {
        return mtu;
    }

    @Override
    public void close() {
        checkTimer.cancel();
        requests.close();
    }

    /** Notices that the device is gone, is back, or has another MTU. */
    private void check() {
        checkTimer.schedule(CHECK_INTERVAL_NS);
        Optional<Link> link = requests.link(settings.device()).filter(Link::isEthernet);
        boolean isSame = link.isPresent() && link.get().interfaceIndex() == paths[0].interfaceIndex();
        if (isThere && !isSame) {
            LOG.warn("the device {} is gone; nothing is injected until it is back", settings.device());
            // One of the same name may be there already.
            isThere = false;
        }
        if (!isThere && link.isPresent()) {
            LOG.info("injecting on {} again", settings.device());
        }
        isThere = link.isPresent();
        link.ifPresent(this::use);
    }

    private void use(Link link) {
        setMtu(link);
        for (int i = 0; i < paths.length; i++) {
            LinkPath path = paths[i];
            paths[i] = new LinkPath(link.interfaceIndex(), link.name(), true, path.source(), path.nextHop());
        }
    }

    private void setMtu(Link link) {
        mtu = Math.min(link.mtu(), Ipv4Header.MAX_TOTAL_LENGTH);
    }
}
