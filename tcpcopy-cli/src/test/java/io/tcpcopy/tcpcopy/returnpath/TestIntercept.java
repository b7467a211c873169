package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.tunnel.RouteHandler;
import io.tcpcopy.tunnel.RouteReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;

/** An intercept on loopback that only listens; it shares the test's thread with the loop, so it never waits. */
final class TestIntercept implements AutoCloseable {
    private final ServerSocketChannel listener;
    private final Endpoint endpoint;
    private final List<Peer> peers = new ArrayList<>();

    TestIntercept() throws IOException {
        listener = ServerSocketChannel.open();
        listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
        listener.configureBlocking(false);
        endpoint = new Endpoint(Address.LOOPBACK, listener.socket().getLocalPort());
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The connections so far, in the order in which they were made. */
    List<Peer> peers() {
        try {
            for (SocketChannel channel = listener.accept(); channel != null; channel = listener.accept()) {
                peers.add(new Peer(channel));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return peers;
    }

    /** Nobody listens any more; connections stay. */
    void stopListening() throws IOException {
        listener.close();
    }

    @Override
    public void close() throws IOException {
        listener.close();
        for (Peer peer : peers) {
            peer.channel.close();
        }
    }

    /** One connection: keeps the client ports of the routes that come. */
    static final class Peer implements RouteHandler {
        private final SocketChannel channel;
        private final RouteReader reader = new RouteReader(this);
        private final List<Integer> added = new ArrayList<>();
        private final List<Integer> deleted = new ArrayList<>();
        private int announced;

        private Peer(SocketChannel channel) throws IOException {
            this.channel = channel;
            channel.configureBlocking(false);
        }

        /** Client ports of the routes added so far. */
        List<Integer> added() {
            read();
            return added;
        }

        /** Client ports of the routes deleted so far. */
        List<Integer> deleted() {
            read();
            return deleted;
        }

        /** The version that was announced; 0 before. */
        int version() {
            read();
            return announced;
        }

        void send(byte... bytes) throws IOException {
            channel.write(ByteBuffer.wrap(bytes));
        }

        /** Ends the connection in a way that fails the other end's next call. */
        void reset() {
            try {
                channel.setOption(StandardSocketOptions.SO_LINGER, 0);
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private void read() {
            ByteBuffer piece = ByteBuffer.allocate(4096);
            try {
                while (channel.isOpen() && channel.read(piece) > 0) {
                    reader.read(piece.flip());
                    piece.clear();
                }
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        public void version(int version) {
            announced = version;
        }

        @Override
        public void addRoute(Flow flow) {
            added.add(flow.clientPort());
        }

        @Override
        public void deleteRoute(Flow flow) {
            deleted.add(flow.clientPort());
        }

        @Override
        public void unknownType(int type) {
            throw new AssertionError("type " + type);
        }
    }
}
