package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.open.CaptureFeed;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.session.admit.PacketCopier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;

/**
 * Packets that are captured now. The kernel captures since the sources were opened: what it has collected until the start
 * is copied as well, as far as the capture buffer held it.
 */
final class LiveInput implements Input {
    private final EventLoop loop;
    private final PacketCopier copier;
    private final List<PacketSource> sources;
    private final LongSupplier wallClockNs;
    private final CaptureTime captureTime;
    private final List<CaptureFeed> feeds = new ArrayList<>();

    /** {@code wallClockNs} is the clock of the sources' packets. */
    LiveInput(EventLoop loop, List<PacketSource> sources, PacketCopier copier, LongSupplier wallClockNs) {
        this.loop = loop;
        this.copier = copier;
        this.sources = sources;
        this.wallClockNs = wallClockNs;
        captureTime = new CaptureTime(loop, wallClockNs);
    }

    @Override
    public void start() {
        for (PacketSource source : sources) {
            CaptureBacklog backlog = new CaptureBacklog(wallClockNs, source::kernelDrops, copier::captureIsNarrow);
            feeds.add(new CaptureFeed(loop, source, packet -> take(packet, backlog)));
        }
    }

    private void take(CapturedPacket packet, CaptureBacklog backlog) {
        backlog.read(packet.arrivalNs(), loop.nowNs());
        copier.clientPacket(packet, captureTime.of(packet.arrivalNs()));
    }

    @Override
    public boolean isLive() {
        return true;
    }

    @Override
    public Optional<String> lost() {
        return CaptureFeed.lost(feeds);
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
        feeds.forEach(CaptureFeed::close);
        // Before the start there are no feeds; otherwise sources are closed twice, which is harmless.
        sources.forEach(PacketSource::close);
    }
}
