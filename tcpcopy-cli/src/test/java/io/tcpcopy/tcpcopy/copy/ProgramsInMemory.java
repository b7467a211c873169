package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.MemorySource;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.returnpath.Intercepts;
import io.tcpcopy.tcpcopy.returnpath.NoReturnPath;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.TunnelMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.IntPredicate;

/** Both programs made of parts in memory, joined by a network in memory, with a target behind them. */
final class ProgramsInMemory {
    static final Endpoint ONLINE = Endpoint.ipv4(0x0A000001, 80);
    static final Endpoint TARGET = Endpoint.ipv4(0x0A000002, 8080);
    static final Endpoint INTERCEPT = Endpoint.ipv4(0x0A000003, 36524);
    /** More memory ends tcpcopy. */
    static final long MEMORY_LIMIT = 1 << 20;

    private static final int BATCH_RECORDS = 16;
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1200);

    final LoopWorld world = new LoopWorld();
    private final MemoryNetwork.Host online = world.host(ONLINE.address());
    private final MemoryNetwork.Host assistant = world.host(INTERCEPT.address());
    /** What clients send to the online host. */
    final MemorySource clientsDevice = new MemorySource(online, "clients", world::nowNs);
    /** What the target sends to the assistant host. */
    final MemorySource targetsDevice = new MemorySource(assistant, "targets", world::nowNs);

    final MemoryTarget target = new MemoryTarget(this::respond);
    /** Which of the packets for the target are lost, by their number. */
    IntPredicate packetsLost = number -> false;
    /** Which of its responses are. */
    IntPredicate responsesLost = number -> false;

    long residentBytes;
    /** That of the tcpcopy made last. */
    EventLoop tcpcopyLoop;

    private int packets;
    private int responses;

    /** An intercept that listens. */
    InterceptService intercept() throws BadInputException, StartException {
        return new InterceptService(
                new InterceptSettings(
                        List.of(),
                        Optional.empty(),
                        INTERCEPT,
                        AllowList.EVERYBODY,
                        TunnelMode.DEFAULT,
                        false,
                        BATCH_RECORDS,
                        ContainerAddress.NONE,
                        16,
                        UNUSED_NS,
                        new LifeCycleSettings(false, Optional.empty(), Optional.empty(), List.of())),
                world.loop(assistant),
                assistant,
                () -> List.of(targetsDevice));
    }

    /**
     * A tcpcopy with two connections to intercept.
     *
     * @param lonely whether it goes on without
     */
    CopyLoop tcpcopy(boolean lonely) throws BadInputException, StartException {
        tcpcopyLoop = world.loop(online);
        ReturnPathSettings path = new ReturnPathSettings(List.of(INTERCEPT), 2, TunnelMode.DEFAULT, lonely);
        return CopyLoop.ofTcp(settings(1), parts(tcpcopyLoop, new Intercepts(tcpcopyLoop, online, path)));
    }

    /** A tcpcopy of datagrams, with so many copies of each. */
    CopyLoop udpTcpcopy(int copies) throws BadInputException, StartException {
        tcpcopyLoop = world.loop(online);
        return CopyLoop.ofUdp(settings(copies), parts(tcpcopyLoop, new NoReturnPath()));
    }

    private static CopySettings settings(int copies) {
        Settings session = Settings.of(List.of(new Transfer(ONLINE, TARGET)))
                .copies(copies)
                .build();
        return new CopySettings(session, Optional.empty(), MEMORY_LIMIT);
    }

    private CopyParts parts(EventLoop loop, ReturnPath path) {
        return new CopyParts(
                loop, Input.reading(List.of(clientsDevice)), new MemorySink(this::inject), path, () -> residentBytes);
    }

    private void inject(ByteBuffer packet) {
        if (!packetsLost.test(packets++)) {
            target.receive(packet);
        }
    }

    private void respond(ByteBuffer packet) {
        if (!responsesLost.test(responses++)) {
            targetsDevice.capture(packet);
        }
    }

    /** Responses of the target so far, those lost included. */
    int responses() {
        return responses;
    }
}
