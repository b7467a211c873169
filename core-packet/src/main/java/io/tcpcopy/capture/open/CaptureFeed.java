package io.tcpcopy.capture.open;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import java.nio.channels.SelectionKey;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Reads a packet source in the loop. When its device is removed, it is opened again as soon as it is back. */
public final class CaptureFeed implements Source {
    private static final Logger LOG = LoggerFactory.getLogger(CaptureFeed.class);

    /** How often the source is read although its descriptor is not ready: see {@link PacketSource}. */
    private static final long CHECK_INTERVAL_NS = TimeUnit.SECONDS.toNanos(1);

    /** Pauses between attempts to open a lost source again: the first, doubling to the longest. */
    private static final long FIRST_REOPEN_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private static final long MAX_REOPEN_NS = TimeUnit.SECONDS.toNanos(8);

    private final EventLoop loop;
    private final PacketSource source;
    private final PacketHandler handler;
    private final LoopTimer timer;
    private Registration registration;
    private long reopenDelayNs;

    /** Begins to read. */
    public CaptureFeed(EventLoop loop, PacketSource source, PacketHandler handler) {
        this.loop = loop;
        this.source = source;
        this.handler = handler;
        this.timer = loop.timer(this::onTimer);
        register();
    }

    /** Which of the captures wait for their devices to come back, in one line; empty when all are open. */
    public static Optional<String> lost(List<CaptureFeed> feeds) {
        List<String> names = feeds.stream()
                .filter(feed -> feed.registration == null)
                .map(feed -> feed.source.name())
                .toList();
        return names.isEmpty()
                ? Optional.empty()
                : Optional.of("nothing is captured on " + String.join(", ", names) + ": the device is gone");
    }

    @Override
    public int fd() {
        return source.descriptor();
    }

    @Override
    public boolean ready(int readyOps) {
        if (readyOps == 0) {
            lost("the descriptor of the capture on " + source.name() + " has become invalid");
            return false;
        }
        return read();
    }

    /** Returns whether more may wait, as {@link #ready} does. */
    private boolean read() {
        try {
            int packets = source.poll(handler, EventLoop.MAX_ITEMS);
            loop.countPackets(packets);
            return packets == EventLoop.MAX_ITEMS;
        } catch (SourceLostException e) {
            lost(e.getMessage());
            return false;
        }
    }

    private void lost(String reason) {
        LOG.warn("{}; waiting for the device to come back", reason);
        registration.cancel();
        registration = null;
        reopenDelayNs = FIRST_REOPEN_NS;
        timer.schedule(reopenDelayNs);
    }

    /** Reads without being asked to, or tries to open a lost source again. */
    private void onTimer() {
        if (registration != null) {
            timer.schedule(CHECK_INTERVAL_NS);
            if (read() && registration != null) {
                timer.schedule(0);
            }
        } else if (source.reopen()) {
            LOG.info("capturing on {} again", source.name());
            register();
        } else {
            reopenDelayNs = Math.min(MAX_REOPEN_NS, 2 * reopenDelayNs);
            timer.schedule(reopenDelayNs);
        }
    }

    private void register() {
        registration = loop.register(this, Priority.CAPTURE, SelectionKey.OP_READ);
        timer.schedule(CHECK_INTERVAL_NS);
    }

    /** Stops reading and closes the source. */
    public void close() {
        timer.cancel();
        if (registration != null) {
            registration.cancel();
            registration = null;
        }
        source.close();
    }
}
