package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.inject.PacketSink;
import io.tcpcopy.inject.frame.UnusableDeviceException;
import io.tcpcopy.inject.open.SinkOpener;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.memory.ResidentMemory;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.TcpNetwork;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.tcpcopy.returnpath.Intercepts;
import io.tcpcopy.tcpcopy.returnpath.NoReturnPath;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import java.util.function.LongSupplier;

/**
 * What a {@link CopyLoop} is made of. The kernel gives them, or a test.
 *
 * @param loop on which all of it runs
 * @param input where clients' packets come from
 * @param sink where packets leave for the targets
 * @param returnPath how responses come back
 * @param residentBytes how much memory the process occupies
 */
public record CopyParts(
        EventLoop loop, Input.Opener input, PacketSink sink, ReturnPath returnPath, LongSupplier residentBytes) {
    /** The option that names the device for frames, for messages. */
    private static final String SEND_DEVICE = "-o";

    /**
     * For connections, whose responses come back through the tunnel.
     *
     * @throws BadInputException when the device for frames cannot be used
     * @throws StartException when something cannot be opened
     */
    public static CopyParts ofKernel(CopySettings settings, Input.Opener input, ReturnPathSettings returnPath)
            throws BadInputException, StartException {
        EventLoop loop = EventLoop.ofKernel();
        return of(loop, settings, Ipv4Header.PROTOCOL_TCP, input, new Intercepts(loop, new TcpNetwork(), returnPath));
    }

    /**
     * For datagrams, to which nothing comes back.
     *
     * @throws BadInputException when the device for frames cannot be used
     * @throws StartException when something cannot be opened
     */
    public static CopyParts ofKernel(CopySettings settings, Input.Opener input)
            throws BadInputException, StartException {
        return of(EventLoop.ofKernel(), settings, Ipv4Header.PROTOCOL_UDP, input, new NoReturnPath());
    }

    private static CopyParts of(
            EventLoop loop, CopySettings settings, int protocol, Input.Opener input, ReturnPath returnPath)
            throws BadInputException, StartException {
        PacketSink sink = sink(loop, settings, protocol);
        return new CopyParts(loop, input, sink, returnPath, ResidentMemory::bytes);
    }

    /**
     * Where packets leave, as the kernel gives it.
     *
     * @param protocol of what is sent: TCP or UDP, by IANA's numbers
     * @throws BadInputException when the device for frames cannot be used
     * @throws StartException when something cannot be opened
     */
    public static PacketSink sink(EventLoop loop, CopySettings settings, int protocol)
            throws BadInputException, StartException {
        try {
            return SinkOpener.open(loop, settings.inject(), settings.session().targets(), protocol);
        } catch (UnusableDeviceException e) {
            String device = settings.inject().frames().orElseThrow().device();
            throw BadInputException.refused(SEND_DEVICE, device, e.getMessage()).about(Code.DEVICE);
        }
    }
}
