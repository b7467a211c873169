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
import io.tcpcopy.net.StartException;
import java.util.List;

/** Opens the sink that a command line asks for. */
public final class SinkOpener {
    private SinkOpener() {}

    /**
     * A sink whose packets go where the kernel's routes say.
     *
     * @param targets to which packets leave
     * @param protocol of what is sent: TCP or UDP, by IANA's numbers
     * @throws StartException when it cannot be opened, or no frames can be made although only these are allowed
     */
    public static PacketSink open(EventLoop loop, InjectKind kind, List<Endpoint> targets, int protocol)
            throws StartException {
        return new RoutedSink(loop, kind, new Targets(targets), protocol);
    }

    /**
     * A sink whose packets leave as frames with given addresses.
     *
     * @param targets to which packets leave, each with a route in the settings
     * @throws UnusableDeviceException when there is no such device, or it is not one for Ethernet
     * @throws StartException when the device is down, or the socket cannot be opened
     */
    public static PacketSink open(EventLoop loop, FrameSettings settings, List<Endpoint> targets)
            throws UnusableDeviceException, StartException {
        Targets numbered = new Targets(targets);
        FixedPaths paths = new FixedPaths(loop, numbered, settings);
        return new SocketSink(loop, numbered, paths, new FrameOutlet(paths), new InjectCounters(loop::nowNs));
    }
}
