package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.net.Network;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.TcpNetwork;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.tcpcopy.copy.CopyParts;
import io.tcpcopy.tcpcopy.options.TcpcopySettings;
import io.tcpcopy.tcpcopy.returnpath.Intercepts;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import java.util.ArrayList;
import java.util.List;

/**
 * What a {@link ProbeRun} is made of. The kernel gives them, or a test.
 *
 * @param loop on which all of it runs
 * @param sink where packets leave for the targets
 * @param tunnels one for each intercept
 * @param network for ordinary connections
 */
record ProbeParts(EventLoop loop, PacketSink sink, List<Tunnel> tunnels, Network network) implements AutoCloseable {
    /**
     * Those of a real run, but with one connection to each intercept, and each intercept by itself: it shows which of them is
     * not there.
     *
     * @throws BadInputException when the device for frames cannot be used
     * @throws StartException when something cannot be opened
     */
    static ProbeParts ofKernel(TcpcopySettings settings) throws BadInputException, StartException {
        EventLoop loop = EventLoop.ofKernel();
        Network network = new TcpNetwork();
        ReturnPathSettings returnPath = settings.returnPath();
        List<Tunnel> tunnels = new ArrayList<>();
        returnPath.intercepts().forEach(intercept -> {
            ReturnPathSettings one = new ReturnPathSettings(List.of(intercept), false, 1, returnPath.mode(), false);
            tunnels.add(new Tunnel(intercept, new Intercepts(loop, network, one)));
        });
        return new ProbeParts(loop, CopyParts.sink(loop, settings.copy(), Ipv4Header.PROTOCOL_TCP), tunnels, network);
    }

    @Override
    public void close() {
        tunnels.forEach(tunnel -> tunnel.path().close());
        sink.close();
        loop.close();
    }
}
