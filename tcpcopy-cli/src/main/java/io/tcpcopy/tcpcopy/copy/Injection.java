package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.inject.FrameSettings;
import io.tcpcopy.inject.FrameSink;
import io.tcpcopy.inject.NeighbourGuard;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.RawSocketSink;
import io.tcpcopy.inject.UnusableDeviceException;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.Transfer;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where packets leave, as the command line asks for; says how long they may be. */
final class Injection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Injection.class);

    /** As long as nobody would mind. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(10);

    /** The option that names the device for frames, for messages. */
    private static final String SEND_DEVICE = "-o";

    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final PacketSink sink;
    private final int wantedMtu;
    private int mtu;
    private long unreadySinceNs = NEVER;

    /**
     * Opens the way to the targets.
     *
     * @throws BadInputException when the device for frames cannot be used
     * @throws StartException when something cannot be opened
     */
    Injection(EventLoop loop, CopySettings settings) throws BadInputException, StartException {
        this.loop = loop;
        sink = settings.frames().isPresent()
                ? frameSink(loop, settings.frames().get())
                : new RawSocketSink(loop, new NeighbourGuard(loop, targets(settings)));
        wantedMtu = settings.session().mtu();
        mtu = wantedMtu;
    }

    private static FrameSink frameSink(EventLoop loop, FrameSettings frames) throws BadInputException, StartException {
        try {
            return new FrameSink(loop, frames);
        } catch (UnusableDeviceException e) {
            throw BadInputException.refused(SEND_DEVICE, frames.device(), e.getMessage());
        }
    }

    private static int[] targets(CopySettings settings) {
        return settings.session().transfers().stream()
                .mapToInt(Transfer::targetAddress)
                .distinct()
                .toArray();
    }

    PacketSink sink() {
        return sink;
    }

    /**
     * From now on packets leave at the end of each turn of the loop.
     *
     * @param maker told now, and whenever it changes, how long packets may be, in bytes
     */
    void leadFrom(IntConsumer maker) {
        flush(maker);
        loop.onTurnEnd(() -> flush(maker));
    }

    private void flush(IntConsumer maker) {
        sink.flush();
        int possible = Math.min(sink.mtu(), wantedMtu);
        if (possible != mtu) {
            mtu = possible;
            maker.accept(mtu);
            reportMtu();
        }
    }

    private void reportMtu() {
        if (mtu < wantedMtu) {
            LOG.warn(
                    "-M is {}, but the way to a target takes no more than {} bytes: longer packets are split to fit",
                    wantedMtu,
                    mtu);
        } else {
            LOG.info("the ways to all targets take packets of {} bytes again", wantedMtu);
        }
    }

    /** Whether a replay may go on: packets would leave now, or it was waited for in vain that they would. */
    boolean isReadyOrGivenUp() {
        if (sink.isReady()) {
            unreadySinceNs = NEVER;
            return true;
        }
        if (unreadySinceNs == NEVER) {
            unreadySinceNs = loop.nowNs();
        }
        return loop.nowNs() - unreadySinceNs >= PATIENCE_NS;
    }

    /** No more packets come: those that the kernel does not take at once are given up. */
    void finish() {
        sink.flush();
        sink.giveUp();
    }

    @Override
    public void close() {
        sink.close();
    }
}
