package io.tcpcopy.tcpcopy.returnpath;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.StreamListener;
import io.tcpcopy.tunnel.RouteHandler;
import io.tcpcopy.tunnel.RouteReader;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.List;

/** An intercept on a network in memory that only listens. */
final class TestIntercept {
    private final MemoryNetwork.Host host;
    private final Endpoint endpoint;
    private final List<Peer> peers = new ArrayList<>();
    private StreamListener listener;

    TestIntercept(LoopWorld world, Endpoint endpoint) throws StartException {
        this.host = world.host(endpoint.address());
        this.endpoint = endpoint;
        listen();
    }

    Endpoint endpoint() {
        return endpoint;
    }

    /** The connections so far, in the order in which they were made. */
    List<Peer> peers() {
        for (ByteStream stream = listener.accept(); stream.fd() >= 0; stream = listener.accept()) {
            peers.add(new Peer(stream));
        }
        return peers;
    }

    void listen() throws StartException {
        listener = host.listen(endpoint);
    }

    /** Nobody listens any more; connections stay. */
    void stopListening() {
        peers();
        listener.close();
    }

    /** One connection: keeps the client ports of the routes that come. */
    static final class Peer implements RouteHandler {
        private final ByteStream stream;
        private final NativeMemory memory = NativeMemory.allocate(4096, ByteOrder.BIG_ENDIAN);
        private final RouteReader reader = new RouteReader(this);
        private final List<Integer> added = new ArrayList<>();
        private final List<Integer> deleted = new ArrayList<>();
        private int announced;

        private Peer(ByteStream stream) {
            this.stream = stream;
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

        void send(byte... bytes) {
            memory.buffer().put(0, bytes);
            stream.send(memory, 0, bytes.length);
        }

        /** Ends the connection. */
        void close() {
            stream.close();
        }

        private void read() {
            for (int length = stream.receive(memory); length > 0; length = stream.receive(memory)) {
                reader.read(memory.buffer().limit(length).position(0));
                memory.buffer().clear();
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
