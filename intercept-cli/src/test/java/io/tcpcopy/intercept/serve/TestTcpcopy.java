package io.tcpcopy.intercept.serve;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.routing.TestPacket;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.tunnel.BatchReader;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** The tcpcopy end of the tunnel: sends routes for {@link TestPacket}s and keeps the IP ids of what comes back. */
final class TestTcpcopy {
    static final Address ADDRESS = Address.ipv4(0x0A000009);
    private static final int MEMORY_BYTES = 128 << 10;

    private final LoopWorld world;
    private final ByteStream stream;
    private final List<Integer> ids = new ArrayList<>();
    private final BatchReader reader;
    private final ByteBuffer last;
    private final NativeMemory memory = NativeMemory.allocate(MEMORY_BYTES, ByteOrder.BIG_ENDIAN);
    private boolean closedByIntercept;

    /** Connects without a word. */
    TestTcpcopy(LoopWorld world, Endpoint server) {
        this(world, server, TunnelFormat.COMBINED);
    }

    private TestTcpcopy(LoopWorld world, Endpoint server, TunnelFormat format) {
        this.world = world;
        last = ByteBuffer.allocate(format.recordLength());
        reader = new BatchReader(format, response -> {
            ids.add(response.ip().id());
            last.put(0, response.buffer(), response.ip().offset(), last.capacity());
        });
        stream = world.host(ADDRESS).connect(server);
        world.settle();
    }

    /** Connects and says the version. */
    static TestTcpcopy withVersion(LoopWorld world, Endpoint server) {
        return withVersion(world, server, TunnelFormat.COMBINED);
    }

    /** The same for responses of another format. */
    static TestTcpcopy withVersion(LoopWorld world, Endpoint server, TunnelFormat format) {
        TestTcpcopy tcpcopy = new TestTcpcopy(world, server, format);
        ByteBuffer version = ByteBuffer.allocate(RouteMessage.LENGTH);
        new RouteMessage().wrap(version, 0).version();
        tcpcopy.send(version.array());
        return tcpcopy;
    }

    /** Sends, and lets intercept read it. */
    void send(byte... bytes) {
        memory.buffer().put(0, bytes);
        int sent = 0;
        while (sent < bytes.length) {
            int taken = stream.send(memory, sent, bytes.length - sent);
            world.settle();
            if (taken < 0) {
                return;
            }
            sent += taken;
        }
    }

    void addRoute(int clientPort) {
        sendRoute(clientPort, RouteMessage.TYPE_ADD);
    }

    void deleteRoute(int clientPort) {
        sendRoute(clientPort, RouteMessage.TYPE_DELETE);
    }

    /** The IP ids of all that has come so far. */
    List<Integer> received() {
        world.settle();
        for (int length = stream.receive(memory); length > 0; length = stream.receive(memory)) {
            if (!reader.read(memory.buffer().limit(length).position(0))) {
                throw new AssertionError(reader.refusal());
            }
            memory.buffer().clear();
            world.settle();
        }
        return ids;
    }

    /** The record that came last. */
    ByteBuffer last() {
        return last;
    }

    /** Whether intercept has ended the connection without sending anything more. */
    boolean isClosedByIntercept() {
        world.settle();
        closedByIntercept |= stream.receive(memory) == 0;
        return closedByIntercept;
    }

    /** Ends the connection. */
    void close() {
        stream.close();
        world.settle();
    }

    private void sendRoute(int clientPort, int type) {
        ByteBuffer message = ByteBuffer.allocate(RouteMessage.LENGTH);
        new RouteMessage().wrap(message, 0).flow(TestPacket.flow(clientPort)).type(type);
        send(message.array());
    }
}
