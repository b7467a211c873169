package io.tcpcopy.loop;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.Network;
import io.tcpcopy.net.StartException;
import io.tcpcopy.net.StreamListener;
import java.nio.channels.SelectionKey;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.function.IntSupplier;

/**
 * Hosts that are joined by streams of bytes in memory: no sockets, no time but that of the test. What is sent can be
 * received at once. A loop on such a host never really waits.
 */
public final class MemoryNetwork {
    /** As much as is sent and not received. */
    public static final int STREAM_BYTES = 64 << 10;

    private static final int FIRST_FREE_PORT = 40_000;
    // The numbers of asm-generic/errno.h.
    private static final int ECONNREFUSED = 111;
    private static final int ECONNRESET = 104;
    private static final int EADDRINUSE = 98;

    private final Map<Endpoint, Listening> listening = new HashMap<>();
    private final List<Pair> pairs = new ArrayList<>();
    private int freePort = FIRST_FREE_PORT;

    /** A host with this address. */
    public Host host(Address address) {
        return new Host(address);
    }

    /** Resets all streams: both ends of each hear of it. */
    public void resetAll() {
        pairs.forEach(Pair::reset);
        pairs.clear();
    }

    /** One of the hosts: what its loop waits with, and its way to the others. */
    public final class Host implements Poller, Network {
        private final Address address;
        private final Map<Integer, Watched> watched = new LinkedHashMap<>();
        private final Map<Integer, IntSupplier> readiness = new HashMap<>();
        private int nextFd = 3;
        private long wantedWaitMs;
        private boolean awake;
        private boolean idle;

        private Host(Address address) {
            this.address = address;
        }

        /**
         * A descriptor of a test's own.
         *
         * @param readyOps bits of {@link SelectionKey} that it is ready for
         */
        public int descriptor(IntSupplier readyOps) {
            readiness.put(nextFd, readyOps);
            return nextFd++;
        }

        @Override
        public ByteStream connect(Endpoint peer) {
            Pair pair = new Pair();
            pair.client = new Stream(this, new Endpoint(address, freePort++), peer, pair);
            Listening listener = listening.get(peer);
            if (listener == null) {
                pair.client.error = ECONNREFUSED;
            } else {
                pair.server = new Stream(listener.host, peer, pair.client.local, pair);
                listener.waiting.add(pair.server);
                pairs.add(pair);
            }
            return pair.client;
        }

        @Override
        public StreamListener listen(Endpoint local) throws StartException {
            Endpoint endpoint = local.port() == 0 ? new Endpoint(local.address(), freePort++) : local;
            if (listening.containsKey(endpoint)) {
                throw new StartException("cannot listen on " + endpoint + ": " + Errno.message(EADDRINUSE));
            }
            Listening listener = new Listening(this, endpoint);
            listening.put(endpoint, listener);
            return listener;
        }

        @Override
        public Watch watch(int fd, int ops, Registration registration) {
            Watched entry = new Watched(fd, ops, registration);
            watched.put(fd, entry);
            return new Watch() {
                @Override
                public void interest(int newOps) {
                    entry.ops = newOps;
                }

                @Override
                public void end() {
                    watched.remove(fd, entry);
                }
            };
        }

        /** Whether the turn that ended last had nothing to do when it began. */
        boolean wasIdle() {
            return idle;
        }

        /** For how long the loop wanted to wait before the turn that ended last. */
        long wantedWaitMs() {
            return wantedWaitMs;
        }

        private int readyOps(Watched entry) {
            return readiness.get(entry.fd).getAsInt() & entry.ops;
        }

        @Override
        public void poll(long timeoutMs, ReadyListener listener) {
            wantedWaitMs = timeoutMs;
            idle = timeoutMs != NO_WAIT_MS && !awake;
            awake = false;
            for (Watched entry : watched.values()) {
                int ops = readyOps(entry);
                if (ops != 0) {
                    idle = false;
                    listener.ready(entry.registration, ops);
                }
            }
        }

        @Override
        public void wakeUp() {
            awake = true;
        }

        @Override
        public void close() {
            // There is nothing to give back.
        }
    }

    private static final class Watched {
        private final int fd;
        private final Registration registration;
        private int ops;

        Watched(int fd, int ops, Registration registration) {
            this.fd = fd;
            this.ops = ops;
            this.registration = registration;
        }
    }

    private final class Listening implements StreamListener {
        private final Host host;
        private final Endpoint local;
        private final Queue<Stream> waiting = new ArrayDeque<>();
        private final int fd;

        Listening(Host host, Endpoint local) {
            this.host = host;
            this.local = local;
            this.fd = host.descriptor(() -> waiting.isEmpty() ? 0 : SelectionKey.OP_ACCEPT);
        }

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public Endpoint local() {
            return local;
        }

        @Override
        public ByteStream accept() {
            return waiting.isEmpty() ? new Refusal(-Errno.EAGAIN) : waiting.remove();
        }

        @Override
        public void close() {
            listening.remove(local, this);
            waiting.forEach(Stream::close);
        }
    }

    /** Both ends of a stream. */
    private static final class Pair {
        private Stream client;
        private Stream server;

        Stream otherThan(Stream end) {
            return end == client ? server : client;
        }

        void reset() {
            client.error = ECONNRESET;
            server.error = ECONNRESET;
        }
    }

    private static final class Stream implements ByteStream {
        private final Endpoint local;
        private final Endpoint peer;
        private final Pair pair;
        private final int fd;
        private final byte[] received = new byte[STREAM_BYTES];
        private int receivedBytes;
        private boolean closed;
        private int error;

        Stream(Host host, Endpoint local, Endpoint peer, Pair pair) {
            this.local = local;
            this.peer = peer;
            this.pair = pair;
            this.fd = host.descriptor(this::readyOps);
        }

        private int readyOps() {
            if (error != 0) {
                return SelectionKey.OP_READ | SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT;
            }
            Stream other = pair.otherThan(this);
            int ops = SelectionKey.OP_CONNECT;
            ops |= receivedBytes > 0 || other.closed ? SelectionKey.OP_READ : 0;
            ops |= other.receivedBytes < STREAM_BYTES ? SelectionKey.OP_WRITE : 0;
            return ops;
        }

        @Override
        public int fd() {
            return fd;
        }

        @Override
        public Endpoint local() {
            return local;
        }

        @Override
        public Endpoint peer() {
            return peer;
        }

        @Override
        public int connectError() {
            return error;
        }

        @Override
        public int send(NativeMemory memory, int offset, int length) {
            if (error != 0) {
                return -error;
            }
            Stream other = pair.otherThan(this);
            if (other.closed) {
                return -ECONNRESET;
            }
            int taken = Math.min(length, STREAM_BYTES - other.receivedBytes);
            if (taken == 0) {
                return -Errno.EAGAIN;
            }
            memory.buffer().get(offset, other.received, other.receivedBytes, taken);
            other.receivedBytes += taken;
            return taken;
        }

        @Override
        public int receive(NativeMemory memory) {
            if (error != 0) {
                return -error;
            }
            if (receivedBytes == 0) {
                return pair.otherThan(this).closed ? 0 : -Errno.EAGAIN;
            }
            int length = Math.min(receivedBytes, memory.size());
            memory.buffer().put(0, received, 0, length);
            receivedBytes -= length;
            System.arraycopy(received, length, received, 0, receivedBytes);
            return length;
        }

        @Override
        public void close() {
            closed = true;
        }
    }

    /** A stream that could not be made. */
    private record Refusal(int fd) implements ByteStream {
        private static final Endpoint NOWHERE = Endpoint.ipv4(0, 0);

        @Override
        public Endpoint local() {
            return NOWHERE;
        }

        @Override
        public Endpoint peer() {
            return NOWHERE;
        }

        @Override
        public int connectError() {
            return -fd;
        }

        @Override
        public int send(NativeMemory memory, int offset, int length) {
            return fd;
        }

        @Override
        public int receive(NativeMemory memory) {
            return fd;
        }

        @Override
        public void close() {
            // It was never open.
        }
    }
}
