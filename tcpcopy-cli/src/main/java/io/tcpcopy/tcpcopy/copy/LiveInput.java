package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.open.CaptureFeed;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopTimer;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.session.admit.PacketCopier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Packets that are captured now. The kernel captures since the sources were opened: what it has collected until the start
 * is copied as well, as far as the capture buffer held it.
 */
final class LiveInput implements Input {
    private static final Logger LOG = LoggerFactory.getLogger(LiveInput.class);

    /** When nothing was captured for so long after the start, somebody may be waiting for it. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final EventLoop loop;
    private final PacketCopier copier;
    private final List<PacketSource> sources;
    private final LongSupplier wallClockNs;
    private final List<CaptureFeed> feeds = new ArrayList<>();
    private final LoopTimer silence;
    private boolean captured;

    /** {@code wallClockNs} is the clock of the sources' packets. */
    LiveInput(EventLoop loop, List<PacketSource> sources, PacketCopier copier, LongSupplier wallClockNs) {
        this.loop = loop;
        this.copier = copier;
        this.sources = sources;
        this.wallClockNs = wallClockNs;
        this.silence = loop.timer(this::warnOfSilence);
    }

    @Override
    public void start() {
        for (PacketSource source : sources) {
            CaptureBacklog backlog = new CaptureBacklog(wallClockNs, source::kernelDrops, copier::captureIsNarrow);
            feeds.add(new CaptureFeed(loop, source, packet -> take(packet, backlog)));
        }
        silence.schedule(SILENCE_NS);
    }

    private void take(CapturedPacket packet, CaptureBacklog backlog) {
        captured = true;
        backlog.read(packet.arrivalNs(), loop.nowNs());
        copier.clientPacket(packet);
    }

    private void warnOfSilence() {
        long others = sources.stream()
                .mapToLong(source -> source.notIpv4() + source.kernelDrops())
                .sum();
        if (!captured && others == 0) {
            LOG.warn(
                    "nothing was captured yet: see with tcpdump whether what -x names (and -F) comes in on the devices of"
                            + " -i; what comes in GRE, VXLAN or the like is captured on the device that unpacks it");
        }
    }

    @Override
    public String description() {
        return "capturing on " + sources.stream().map(PacketSource::description).collect(Collectors.joining(", "));
    }

    @Override
    public List<? extends CaptureCounters> counters() {
        return sources;
    }

    @Override
    public int end(Optional<String> failure) {
        return Daemon.OK;
    }

    @Override
    public void close() {
        silence.cancel();
        feeds.forEach(CaptureFeed::close);
        // Before the start there are no feeds; otherwise sources are closed twice, which is harmless.
        sources.forEach(PacketSource::close);
    }
}
