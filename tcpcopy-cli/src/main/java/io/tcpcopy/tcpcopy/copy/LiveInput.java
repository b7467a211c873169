package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.open.CaptureFeed;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.session.admit.PacketCopier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Packets that are captured now. The kernel captures since the sources were opened: what it has collected until the start
 * is copied as well, as far as the capture buffer held it.
 */
final class LiveInput implements Input {
    private final EventLoop loop;
    private final PacketCopier copier;
    private final List<PacketSource> sources;
    private final List<CaptureFeed> feeds = new ArrayList<>();

    LiveInput(EventLoop loop, List<PacketSource> sources, PacketCopier copier) {
        this.loop = loop;
        this.copier = copier;
        this.sources = sources;
    }

    @Override
    public void start() {
        for (PacketSource source : sources) {
            feeds.add(new CaptureFeed(loop, source, copier::clientPacket));
        }
    }

    @Override
    public String description() {
        return "capturing on " + sources.stream().map(PacketSource::name).collect(Collectors.joining(","));
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
