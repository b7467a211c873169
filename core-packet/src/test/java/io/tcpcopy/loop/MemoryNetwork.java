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
import java.util.function.LongSupplier;

/**
 * Hosts that are joined by streams of bytes in memory: no sockets, no time but that of the test. What is sent can be
 * received at once, unless a {@link Transit} says otherwise. A loop on such a host never really waits.
 */
public final class MemoryNetwork {
    /** How bytes travel. */
    public interface Transit {
        /** All bytes arrive at once, and one reading gives all that have. */
        Transit AT_ONCE = new Transit() {
            @Override
            public long delayNs() {
                return 0;
            }

            @Override
            public int piece(int arrived) {
                return arrived;
            }

            @Override
            public int saved(int sent) {
                return 0;
            }
        };

        /** How long what is sent now is under way, in nanoseconds; longer where it would overtake what was sent before. */
        long delayNs();

        /** How many of the bytes that have arrived one reading gives: at least 1. */
        int piece(int arrived);

        /** How many of the bytes that were sent and not read can be read when the stream is reset. */
        int saved(int sent);
    }

    /** As much as is sent and not received. */
    public static final int STREAM_BYTES = 64 << 10;

    private static final int FIRST_FREE_PORT = 40_000;
    /** As in asm-generic/errno.h. */
    private static final int EADDRINUSE = 98;

    private final LongSupplier clockNs;
    private final Transit transit;
    private final Map<Endpoint, Listening> listening = new HashMap<>();
    private final List<Pair> pairs = new ArrayList<>();
    private int freePort = FIRST_FREE_PORT;

    /** A network on which nothing takes time. */
    public MemoryNetwork() {
        this(() -> 0, Transit.AT_ONCE);
    }

    /** A network on which bytes travel by the time of a clock, in nanoseconds. */
    public MemoryNetwork(LongSupplier clockNs, Transit transit) {
        this.clockNs = clockNs;
        this.transit = transit;
    }

    /** A host with this address. */
    public Host host(Address address) {
        return new Host(address);
    }

    /** Resets all streams: both ends of each hear of it. */
    public void resetAll() {
        pairs.forEach(Pair::reset);
        pairs.clear();
    }

    /** Resets the stream that was opened first of those that are open, if there is one. */
    public void resetOldest() {
        pairs.removeIf(Pair::isClosed);
        if (!pairs.isEmpty()) {
            pairs.remove(0).reset();
        }
    }

    /** Says of the clients' ends of all streams that there are, that nothing was acknowledged to them for so long. */
    public void silence(int ms) {
        pairs.forEach(pair -> pair.client.silentMs = ms);
    }

    /** When the next bytes arrive that are under way, in nanoseconds of the clock, or {@link Long#MAX_VALUE}. */
    public long nextArrivalNs() {
        long next = Long.MAX_VALUE;
        for (Pair pair : pairs) {
            next = Math.min(next, Math.min(pair.client.nextArrivalNs(), pair.server.nextArrivalNs()));
        }
        return next;
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
        public ByteStream connect(Address local, Endpoint peer) {
            Pair pair = new Pair();
            pair.client = new Stream(this, new Endpoint(local.isAny() ? address : local, freePort++), peer, pair);
            Listening listener = listening.get(peer);
            if (listener == null) {
                pair.client.error = Errno.ECONNREFUSED;
            } else {
                pair.server = new Stream(listener.host, peer, pair.client.local, pair);
                listener.waiting.add(pair.server);
                pairs.removeIf(Pair::isClosed);
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
            client.reset();
            server.reset();
        }

        boolean isClosed() {
            return client.closed && server.closed;
        }
    }

    /** Bytes that arrive together. */
    private record Arrival(long timeNs, int bytes) {}

    private final class Stream implements ByteStream {
        private final Endpoint local;
        private final Endpoint peer;
        private final Pair pair;
        private final int fd;
        /** Sent by the other end, and not read: those that have arrived, and those that are under way. */
        private final byte[] received = new byte[STREAM_BYTES];

        private int receivedBytes;
        private int arrivedBytes;
        private final Queue<Arrival> underWay = new ArrayDeque<>();
        private long lastArrivalNs = Long.MIN_VALUE;
        private boolean closed;
        private int error;
        private int silentMs;

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
            ops |= arrived() > 0 || other.closed && receivedBytes == 0 ? SelectionKey.OP_READ : 0;
            ops |= other.receivedBytes < STREAM_BYTES ? SelectionKey.OP_WRITE : 0;
            return ops;
        }

        /** When the first of what is still under way arrives. */
        long nextArrivalNs() {
            arrived();
            return closed || underWay.isEmpty() ? Long.MAX_VALUE : underWay.element().timeNs;
        }

        /** How many bytes have arrived. */
        private int arrived() {
            while (!underWay.isEmpty() && underWay.element().timeNs <= clockNs.getAsLong()) {
                arrivedBytes += underWay.remove().bytes;
            }
            return arrivedBytes;
        }

        /** The other end has sent bytes. */
        private void expect(int bytes) {
            receivedBytes += bytes;
            lastArrivalNs = Math.max(lastArrivalNs, clockNs.getAsLong() + transit.delayNs());
            underWay.add(new Arrival(lastArrivalNs, bytes));
        }

        /** What has arrived can still be read, as from a socket: Linux keeps what is queued for the reader (tcp_reset). */
        private void reset() {
            error = Errno.ECONNRESET;
            underWay.clear();
            receivedBytes = transit.saved(receivedBytes);
            arrivedBytes = receivedBytes;
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
        public int silentMs() {
            return silentMs;
        }

        @Override
        public int send(NativeMemory memory, int offset, int length) {
            if (error != 0) {
                return -error;
            }
            Stream other = pair.otherThan(this);
            if (other.closed) {
                return -Errno.ECONNRESET;
            }
            int taken = Math.min(length, STREAM_BYTES - other.receivedBytes);
            if (taken == 0) {
                return -Errno.EAGAIN;
            }
            memory.buffer().get(offset, other.received, other.receivedBytes, taken);
            other.expect(taken);
            return taken;
        }

        @Override
        public int receive(NativeMemory memory) {
            if (error != 0 && arrivedBytes == 0) {
                return -error;
            }
            if (arrived() == 0) {
                return pair.otherThan(this).closed && receivedBytes == 0 ? 0 : -Errno.EAGAIN;
            }
            int length = Math.min(transit.piece(arrivedBytes), memory.size());
            memory.buffer().put(0, received, 0, length);
            receivedBytes -= length;
            arrivedBytes -= length;
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
        public int silentMs() {
            return 0;
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
