package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.PacketSource;
import io.tcpcopy.capture.open.CaptureFeed;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.admit.PacketCopier;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Packets that are captured now. The kernel captures from the construction on: what it has collected until the start is
 * copied as well, as far as the capture buffer held it.
 */
final class LiveInput implements Input {
    private final EventLoop loop;
    private final PacketCopier copier;
    private final List<PacketSource> sources;
    private final List<CaptureFeed> feeds = new ArrayList<>();

    /**
     * Begins to capture.
     *
     * @throws BadInputException when a device or the filter cannot be used
     * @throws StartException when something cannot be opened
     */
    LiveInput(EventLoop loop, List<CaptureSettings> captures, PacketCopier copier)
            throws BadInputException, StartException {
        this.loop = loop;
        this.copier = copier;
        this.sources = CaptureOpener.open(captures);
    }

    @Override
    public void start() {
        for (PacketSource source : sources) {
            feeds.add(new CaptureFeed(loop, source, this::captured));
        }
    }

    private void captured(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        copier.turn(loop.nowNs());
        copier.clientPacket(buffer, offset, length, wireLength, arrivalNs);
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
