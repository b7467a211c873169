package io.tcpcopy.intercept.serve;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.intercept.routing.TestPacket;
import io.tcpcopy.tunnel.BatchReader;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.TunnelFormat;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The tcpcopy end of the tunnel: sends routes for {@link TestPacket}s and keeps the IP ids of what comes back. */
final class TestTcpcopy implements AutoCloseable {
    private static final int PATIENCE_MS = (int) TimeUnit.SECONDS.toMillis(10);
    private static final int END = -1;

    private final Socket socket;
    private final List<Integer> ids = new ArrayList<>();
    private final BatchReader reader;
    private final ByteBuffer last;
    private final byte[] piece = new byte[4096];

    /** Connects without a word. */
    TestTcpcopy(Endpoint server) throws IOException {
        this(server, TunnelFormat.COMBINED);
    }

    private TestTcpcopy(Endpoint server, TunnelFormat format) throws IOException {
        last = ByteBuffer.allocate(format.recordLength());
        reader = new BatchReader(format, response -> {
            ids.add(response.ip().id());
            last.put(0, response.buffer(), response.ip().offset(), last.capacity());
        });
        socket = new Socket(InetAddress.getLoopbackAddress(), server.port());
        socket.setSoTimeout(PATIENCE_MS);
        socket.setTcpNoDelay(true);
    }

    /** Connects and says the version. */
    static TestTcpcopy withVersion(Endpoint server) throws IOException {
        return withVersion(server, TunnelFormat.COMBINED);
    }

    /** The same for responses of another format. */
    static TestTcpcopy withVersion(Endpoint server, TunnelFormat format) throws IOException {
        TestTcpcopy tcpcopy = new TestTcpcopy(server, format);
        ByteBuffer version = ByteBuffer.allocate(RouteMessage.LENGTH);
        new RouteMessage().wrap(version, 0).version();
        tcpcopy.send(version.array());
        return tcpcopy;
    }

    void send(byte... bytes) throws IOException {
        socket.getOutputStream().write(bytes);
    }

    void addRoute(int clientPort) throws IOException {
        sendRoute(clientPort, RouteMessage.TYPE_ADD);
    }

    void deleteRoute(int clientPort) throws IOException {
        sendRoute(clientPort, RouteMessage.TYPE_DELETE);
    }

    /** Waits for so many more records and returns the IP ids of all. */
    List<Integer> receive(int count) throws IOException {
        InputStream in = socket.getInputStream();
        while (ids.size() < count) {
            int length = in.read(piece);
            if (length == END || !reader.read(ByteBuffer.wrap(piece, 0, length))) {
                throw new IOException("ended after " + ids);
            }
        }
        return ids;
    }

    /** The record that came last. */
    ByteBuffer last() {
        return last;
    }

    /** Waits until intercept ends the connection; whether it did so without sending anything. */
    boolean isClosedByIntercept() throws IOException {
        return socket.getInputStream().read() == END;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }

    private void sendRoute(int clientPort, int type) throws IOException {
        ByteBuffer message = ByteBuffer.allocate(RouteMessage.LENGTH);
        new RouteMessage().wrap(message, 0).flow(TestPacket.flow(clientPort)).type(type);
        send(message.array());
    }
}
