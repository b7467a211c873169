package io.tcpcopy.intercept.serve;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.SourceLostException;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.intercept.report.Silence;
import io.tcpcopy.intercept.routing.ResponseRouter;
import io.tcpcopy.intercept.routing.Routing;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out why no response is captured. When that has lasted for some seconds, all TCP is captured beside for one more, and looked through
 * for responses that a tcpcopy has asked for. None of them is routed.
 */
final class UnfilteredLook {
    private static final Logger LOG = LoggerFactory.getLogger(UnfilteredLook.class);

    /** A silence of so long is worth a look; what comes of it is known before the silence is told. */
    private static final long PATIENCE_NS = TimeUnit.SECONDS.toNanos(5);
    /** In so long, sessions that wait repeat something. */
    private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(1);
    /** Whoever has not asked for so long asks about another silence. */
    private static final long ANOTHER_NS = TimeUnit.SECONDS.toNanos(15);
    /** A look costs a socket and its buffer. */
    private static final long INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);
    /** Of {@link EventLoop#MAX_ITEMS} packets each: as many as a buffer holds. */
    private static final int MAX_READS = 64;

    private final EventLoop loop;
    private final InterceptService.SourceOpener opener;
    private final PacketHandler responses;
    private final LoopTimer timer;
    private List<PacketSource> sources = List.of();
    private boolean asked;
    private long sinceNs;
    private long askedNs;
    private boolean looked;
    private long lookedNs;
    private boolean seen;
    private Silence reason = Silence.UNEXPLAINED;

    /** Opens nothing yet. */
    UnfilteredLook(EventLoop loop, InterceptService.SourceOpener opener, InterceptSettings settings, Routing routing) {
        this.loop = loop;
        this.opener = opener;
        responses = new ResponseRouter(
                record -> seen |= routing.awaits(record),
                settings.mode().format(),
                settings.container(),
                new Counters<>(InterceptCounter.class));
        timer = loop.timer(this::end);
    }

    /** Why there was silence when it was asked for last, as far as is known. */
    Silence reason() {
        return reason;
    }

    /** Why there is silence, as far as is known: to be asked while it lasts. */
    Silence lookWhileSilent() {
        long nowNs = loop.nowNs();
        if (!asked || nowNs - askedNs >= ANOTHER_NS) {
            asked = true;
            sinceNs = nowNs;
            looked = false;
            reason = Silence.UNEXPLAINED;
        }
        askedNs = nowNs;
        boolean isDue = looked ? nowNs - lookedNs >= INTERVAL_NS : nowNs - sinceNs >= PATIENCE_NS;
        if (isDue && sources.isEmpty()) {
            begin(nowNs);
        }
        return reason;
    }

    private void begin(long nowNs) {
        looked = true;
        lookedNs = nowNs;
        seen = false;
        try {
            sources = opener.openUnfiltered();
        } catch (BadInputException | StartException e) {
            LOG.debug("no look at what the filter leaves out: {}", e.getMessage());
        }
        if (!sources.isEmpty()) {
            timer.schedule(LOOK_NS);
        }
    }

    private void end() {
        boolean allRead = true;
        for (PacketSource source : sources) {
            allRead &= read(source);
        }
        close();
        if (seen) {
            reason = Silence.FILTERED;
        } else {
            reason = allRead ? Silence.NOTHING_ARRIVES : Silence.UNEXPLAINED;
        }
    }

    /** Returns whether it could be read. */
    private boolean read(PacketSource source) {
        try {
            int reads = 0;
            while (source.poll(responses, EventLoop.MAX_ITEMS) == EventLoop.MAX_ITEMS && reads < MAX_READS) {
                reads++;
            }
            return true;
        } catch (SourceLostException e) {
            LOG.debug("the look at what the filter leaves out ends: {}", e.getMessage());
            return false;
        }
    }

    /** Closes what is open. */
    void close() {
        timer.cancel();
        sources.forEach(PacketSource::close);
        sources = List.of();
    }
}
