package io.tcpcopy.inject.open;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.InjectCounters;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.SocketSink;
import io.tcpcopy.inject.Targets;
import io.tcpcopy.inject.frame.FixedPaths;
import io.tcpcopy.inject.frame.FrameOutlet;
import io.tcpcopy.inject.frame.FrameSettings;
import io.tcpcopy.inject.frame.UnusableDeviceException;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.StartException;
import java.util.List;

/** Opens the sink that a command line asks for. */
public final class SinkOpener {
    private SinkOpener() {}

    /**
     * Opens it.
     *
     * @param targets to which packets leave; where addresses of frames are given, each must have some
     * @param protocol of what is sent: TCP or UDP, by IANA's numbers
     * @throws UnusableDeviceException when there is no such device, or it is not one for Ethernet
     * @throws StartException when it cannot be opened, or no frames can be made for a target although only these are allowed
     */
    public static PacketSink open(EventLoop loop, InjectSettings settings, List<Endpoint> targets, int protocol)
            throws UnusableDeviceException, StartException {
        Targets numbered = new Targets(targets);
        return settings.frames().isPresent()
                ? addressed(loop, settings.frames().get(), numbered)
                : new RoutedSink(loop, settings.kind(), numbered, protocol);
    }

    private static PacketSink addressed(EventLoop loop, FrameSettings settings, Targets targets)
            throws UnusableDeviceException, StartException {
        InjectCounters counters = new InjectCounters(loop::nowNs);
        try (OpenedTogether opened = new OpenedTogether()) {
            FixedPaths paths = opened.add(new FixedPaths(loop, targets, settings), FixedPaths::close);
            PacketSink sink = new SocketSink(loop, targets, paths, new FrameOutlet(paths), counters, paths::close);
            opened.keep();
            return sink;
        }
    }
}
