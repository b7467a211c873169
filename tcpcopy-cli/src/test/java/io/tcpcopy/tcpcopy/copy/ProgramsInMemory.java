package io.tcpcopy.tcpcopy.copy;

import io.tcpcopy.capture.MemorySource;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.options.AllowList;
import io.tcpcopy.intercept.options.InterceptSettings;
import io.tcpcopy.intercept.routing.ContainerAddress;
import io.tcpcopy.intercept.serve.InterceptService;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.metrics.Metrics;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.LifeCycleSettings;
import io.tcpcopy.session.admit.PacketCopier;
import io.tcpcopy.tcpcopy.offline.OfflineInput;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import io.tcpcopy.tcpcopy.report.CopyOutcome;
import io.tcpcopy.tcpcopy.returnpath.Intercepts;
import io.tcpcopy.tcpcopy.returnpath.NoReturnPath;
import io.tcpcopy.tcpcopy.returnpath.ReturnPath;
import io.tcpcopy.tcpcopy.returnpath.ReturnPathSettings;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.TunnelMode;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;

/** Both programs made of parts in memory, on hosts that a network in memory joins. Whoever makes them turns their loops. */
public final class ProgramsInMemory {
    /** Where intercept listens. */
    public static final Endpoint INTERCEPT = Endpoint.ipv4(0x0A000003, 36524);

    private static final Address ONLINE = Address.ipv4(0x0A000001);
    private static final int BATCH_RECORDS = 16;
    private static final int CONNECTIONS = 2;
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(1200);

    private final LoopWorld world;
    private final MemoryNetwork.Host online;
    private final MemoryNetwork.Host assistant;
    private final LongSupplier captureClockNs;
    private final MemorySource clientsDevice;
    private final MemorySource targetsDevice;
    private final Consumer<ByteBuffer> toTarget;

    private LongSupplier fullForNs = () -> 0;
    private ResponseHandler responseListener = record -> {};
    private long residentBytes;
    private EventLoop tcpcopyLoop;
    private EventLoop interceptLoop;
    private PacketCopier copier;
    private ReturnPath tunnel;

    /**
     * None runs yet.
     *
     * @param captureClockNs by which packets are stamped that the online host captures
     * @param toTarget gets what tcpcopy sends to the target
     */
    public ProgramsInMemory(LoopWorld world, LongSupplier captureClockNs, Consumer<ByteBuffer> toTarget) {
        this.world = world;
        this.captureClockNs = captureClockNs;
        this.toTarget = toTarget;
        online = world.host(ONLINE);
        assistant = world.host(INTERCEPT.address());
        clientsDevice = new MemorySource(online, "clients", captureClockNs);
        targetsDevice = new MemorySource(assistant, "targets", world::nowNs);
    }

    /** From now on asked before each batch of packets for the target, for how long the kernel has no room for it. */
    public void onLeaving(LongSupplier asked) {
        fullForNs = asked;
    }

    /** An intercept that listens. */
    public InterceptService intercept() throws BadInputException, StartException {
        interceptLoop = world.loop(assistant);
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
                        Optional.empty(),
                        Optional.empty(),
                        new LifeCycleSettings(false, Optional.empty(), Optional.empty(), List.of())),
                interceptLoop,
                assistant,
                () -> List.of(targetsDevice));
    }

    /**
     * A tcpcopy with two connections to intercept.
     *
     * @param lonely whether it goes on without
     */
    public CopyLoop tcpcopy(CopySettings settings, boolean lonely) throws BadInputException, StartException {
        return tcpcopy(settings, lonely, List.of(INTERCEPT));
    }

    /** The same with these intercepts. */
    CopyLoop tcpcopy(CopySettings settings, boolean lonely, List<Endpoint> intercepts)
            throws BadInputException, StartException {
        tcpcopyLoop = world.loop(online);
        ReturnPathSettings path = new ReturnPathSettings(intercepts, false, CONNECTIONS, TunnelMode.DEFAULT, lonely);
        tunnel = new Intercepts(tcpcopyLoop, online, path);
        return CopyLoop.ofTcp(settings, parts(new WatchedReturnPath(tunnel, responseListener)));
    }

    /** A tcpcopy with two connections to intercept that replays a capture file. */
    public CopyLoop replay(CopySettings settings, OfflineSettings capture) throws BadInputException, StartException {
        tcpcopyLoop = world.loop(online);
        tunnel = new Intercepts(
                tcpcopyLoop,
                online,
                new ReturnPathSettings(List.of(INTERCEPT), false, CONNECTIONS, TunnelMode.DEFAULT, false));
        return CopyLoop.ofTcp(
                settings,
                new CopyParts(
                        tcpcopyLoop,
                        OfflineInput.opener(capture, settings.transferText(), Optional.empty()),
                        new MemorySink(tcpcopyLoop, toTarget, () -> fullForNs.getAsLong()),
                        new WatchedReturnPath(tunnel, responseListener),
                        () -> residentBytes));
    }

    /** A tcpcopy of datagrams. */
    CopyLoop udpTcpcopy(CopySettings settings) throws BadInputException, StartException {
        tcpcopyLoop = world.loop(online);
        return CopyLoop.ofUdp(settings, parts(new NoReturnPath()));
    }

    private CopyParts parts(ReturnPath path) {
        return new CopyParts(
                tcpcopyLoop,
                this::open,
                new MemorySink(tcpcopyLoop, toTarget, () -> fullForNs.getAsLong()),
                path,
                () -> residentBytes);
    }

    private Input open(
            EventLoop loop,
            PacketCopier opened,
            BooleanSupplier canSend,
            Metrics metrics,
            Supplier<CopyOutcome> outcome)
            throws BadInputException, StartException {
        copier = opened;
        return Input.reading(List.of(clientsDevice), captureClockNs).open(loop, opened, canSend, metrics, outcome);
    }

    /** Begins to copy: as {@link CopyLoop#run}, but that the loop is not run. */
    public static void start(CopyLoop copy, Runnable whenStarted) {
        copy.start(whenStarted, () -> {});
    }

    /** Ends copying, after which nothing must be turned. */
    public static int finish(CopyLoop copy) throws BadInputException, StartException {
        return copy.finish();
    }

    /** What clients send to the online host. */
    public MemorySource clientsDevice() {
        return clientsDevice;
    }

    /** What the target sends to the assistant host. */
    public MemorySource targetsDevice() {
        return targetsDevice;
    }

    /** What gets clients' packets in the tcpcopy made last. */
    public PacketCopier copier() {
        return copier;
    }

    /** Whether any connection of the tcpcopy made last to intercept is up. */
    public boolean isTunnelUp() {
        return tunnel.isUp();
    }

    /** That of the tcpcopy made last. */
    public EventLoop tcpcopyLoop() {
        return tcpcopyLoop;
    }

    /** That of the intercept made last. */
    public EventLoop interceptLoop() {
        return interceptLoop;
    }

    /** Has somebody told of each response before the tcpcopy that is made next. */
    public void onResponse(ResponseHandler listener) {
        responseListener = listener;
    }

    /** Lets tcpcopy occupy so much memory. */
    void occupy(long bytes) {
        residentBytes = bytes;
    }
}
