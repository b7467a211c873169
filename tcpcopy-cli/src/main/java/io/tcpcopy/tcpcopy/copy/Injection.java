package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.flow.Address;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.frame.FrameSettings;
import io.tcpcopy.inject.frame.FrameSink;
import io.tcpcopy.inject.frame.UnusableDeviceException;
import io.tcpcopy.inject.raw.NeighbourGuard;
import io.tcpcopy.inject.raw.RawSocketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where packets leave for the targets; tells how long they may be. */
final class Injection implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Injection.class);

    /**
     * How long the replay of a file waits while packets could not leave. The kernel asks a next hop three times, a second
     * apart: one that has not answered by then is not there. The replay goes on, and what is lost by that is counted.
     */
    private static final long MAX_UNREADY_NS = TimeUnit.SECONDS.toNanos(10);

    /** The option that names the device for frames, for messages. */
    private static final String SEND_DEVICE = "-o";

    private static final long NEVER = Long.MAX_VALUE;

    private final EventLoop loop;
    private final PacketSink sink;
    private final int wantedMtu;
    private int mtu;
    private long unreadySinceNs = NEVER;

    /**
     * Opens what packets leave through.
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

    private static List<Address> targets(CopySettings settings) {
        return settings.session().transfers().stream()
                .map(transfer -> transfer.target().address())
                .distinct()
                .toList();
    }

    PacketSink sink() {
        return sink;
    }

    /**
     * Flushes now, and from now on at the end of each turn of the loop.
     *
     * @param mtuListener told how long packets may be, in bytes, whenever that changes; at first it is as in the settings
     */
    void flushAtTurnEnd(IntConsumer mtuListener) {
        flush(mtuListener);
        loop.onTurnEnd(() -> flush(mtuListener));
    }

    private void flush(IntConsumer mtuListener) {
        sink.flush();
        int possible = Math.min(sink.mtu(), wantedMtu);
        if (possible != mtu) {
            mtu = possible;
            mtuListener.accept(mtu);
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

    /** Whether the replay of a file may go on: packets would leave now, or have not been able to for too long. */
    boolean isReadyOrTimedOut() {
        if (sink.isReady()) {
            unreadySinceNs = NEVER;
            return true;
        }
        if (unreadySinceNs == NEVER) {
            unreadySinceNs = loop.nowNs();
        }
        return loop.nowNs() - unreadySinceNs >= MAX_UNREADY_NS;
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
