package io.tcpcopy.intercept.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Flow;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.Batch;
import io.tcpcopy.tunnel.BatchReader;
import io.tcpcopy.tunnel.RouteHandler;
import io.tcpcopy.tunnel.RouteMessage;
import io.tcpcopy.tunnel.RouteReader;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * A router whose tcpcopys and packets are anything. What happens is read from bytes, any bytes: routes added and
 * deleted, garbage in the tunnel, responses, garbage captured, time that passes, connections that end. Tables must keep
 * their limits, each route belong to a connection that lives, and all records leave in batches that can be read.
 */
final class HostileTunnel {
    private static final int TCPCOPYS = 3;
    private static final int MAX_ROUTES = 6;
    private static final int MAX_DELAYED = 4;
    private static final int CLIENT = 0x0A010001;
    private static final int TARGET = 0x0A020064;
    private static final int TARGET_PORT = 8080;
    private static final int MAX_HEADERS = 120;
    private static final long UNUSED_NS = TimeUnit.SECONDS.toNanos(100);
    private static final long ALL_EXPIRED_NS = TimeUnit.SECONDS.toNanos(1000);
    private static final long[] DURATIONS_NS = {
        TimeUnit.MILLISECONDS.toNanos(1), TimeUnit.SECONDS.toNanos(2), TimeUnit.SECONDS.toNanos(11), UNUSED_NS
    };

    private final ByteBuffer script;
    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final RouteTable routes = new RouteTable(0, UNUSED_NS, MAX_ROUTES, counters);
    private final DelayTable delays = new DelayTable(MAX_DELAYED, TunnelFormat.COMBINED.recordLength(), counters);
    private final Routing routing = new TableRouting(routes, delays, false, counters, () -> this.nowNs);
    private final ResponseRouter router =
            new ResponseRouter(routing, TunnelFormat.COMBINED, ContainerAddress.NONE, counters);
    private final Tcpcopy[] tcpcopys = new Tcpcopy[TCPCOPYS];
    private long nowNs;
    private long records;

    HostileTunnel(byte[] bytes) {
        script = ByteBuffer.wrap(bytes);
        Arrays.setAll(tcpcopys, i -> new Tcpcopy());
    }

    /** Lets everything happen; throws when something goes wrong. */
    void run() {
        while (script.hasRemaining()) {
            happen(next());
            check();
        }
        nowNs += ALL_EXPIRED_NS;
        delays.expire(nowNs);
        assertThat(routes.expire(nowNs)).as("more to expire").isFalse();
        assertThat(routes.size()).as("routes").isZero();
        assertThat(delays.size()).as("delayed records").isZero();
        check();
    }

    /** The lowest three bits choose what happens, the others to or through whom. */
    private void happen(int event) {
        int who = event >>> 3;
        Tcpcopy tcpcopy = tcpcopys[who % TCPCOPYS];
        switch (event & 7) {
            case 0 -> tcpcopy.send(route(RouteMessage.TYPE_ADD));
            case 1 -> tcpcopy.send(route(RouteMessage.TYPE_DELETE));
            case 2 -> tcpcopy.send(bytes());
            case 3, 4 -> capture(response());
            case 5 -> capture(ByteBuffer.wrap(bytes()));
            case 6 -> pass(DURATIONS_NS[who % DURATIONS_NS.length]);
            default -> end(who % TCPCOPYS);
        }
    }

    private byte[] route(int type) {
        ByteBuffer message = ByteBuffer.allocate(RouteMessage.LENGTH);
        new RouteMessage()
                .wrap(message, 0)
                .flow(new Flow().client(CLIENT, next() & 0x0F).server(TARGET, TARGET_PORT))
                .type(type);
        return message.array();
    }

    /** A response that fits routes, of which a byte may be damaged. */
    private ByteBuffer response() {
        int port = next();
        int flags = next();
        int payload = next();
        int headers = 40 + (next() & 0x28);
        ByteBuffer packet = ByteBuffer.allocate(headers);
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(payload == 0xFF ? 0 : headers + payload)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(TARGET)
                .destination(CLIENT);
        new TcpHeader()
                .wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(TARGET_PORT)
                .destinationPort(port & 0x0F)
                .headerLength(headers - Ipv4Header.MIN_LENGTH)
                .flags(flags);
        if (port >= 0xC0) {
            packet.put(next() % headers, (byte) next());
        }
        return packet;
    }

    private void capture(ByteBuffer packet) {
        long before = counters.get(InterceptCounter.ROUTED) + counters.get(InterceptCounter.DELAYED) + notRouted();
        int notCaptured = next() << Byte.SIZE << 3;
        router.packet(Captured.part(packet, packet.capacity(), packet.capacity() + notCaptured));
        long after = counters.get(InterceptCounter.ROUTED) + counters.get(InterceptCounter.DELAYED) + notRouted();
        // The longest that there is on a wire makes as many records as it has times 64 KB.
        assertThat(after - before).as("records of a packet").isBetween(0L, 9L);
    }

    private long notRouted() {
        return counters.get(InterceptCounter.NOT_ROUTED_ACK)
                + counters.get(InterceptCounter.NOT_ROUTED_FIN)
                + counters.get(InterceptCounter.NOT_ROUTED_PAYLOAD);
    }

    private void pass(long durationNs) {
        nowNs += durationNs;
        delays.expire(nowNs);
        assertThat(routes.expire(nowNs)).as("more to expire").isFalse();
    }

    private void end(int which) {
        routing.left(tcpcopys[which]);
        assertThat(tcpcopys[which].firstRoute)
                .as("routes of a connection that has ended")
                .isNull();
        tcpcopys[which].finish();
        tcpcopys[which] = new Tcpcopy();
    }

    private void check() {
        assertThat(routes.size()).as("routes").isBetween(0, MAX_ROUTES);
        assertThat(delays.size()).as("delayed records").isBetween(0, MAX_DELAYED);
        int owned = 0;
        for (Tcpcopy tcpcopy : tcpcopys) {
            for (Route route = tcpcopy.firstRoute; route != null; route = route.nextOfOwner) {
                assertThat(route.owner).as("owner").isSameAs(tcpcopy);
                owned++;
            }
        }
        assertThat(owned).as("routes of connections that live").isEqualTo(routes.size());
        assertThat(counters.get(InterceptCounter.ROUTED)).as("records routed").isEqualTo(records);
        assertThat(counters.get(InterceptCounter.DELAYED))
                .as("delayed records")
                .isEqualTo(counters.get(InterceptCounter.DELAYED_SENT)
                        + counters.get(InterceptCounter.DELAYED_EXPIRED)
                        + counters.get(InterceptCounter.DELAYED_OVERWRITTEN)
                        + delays.size());
    }

    private int next() {
        return script.hasRemaining() ? script.get() & 0xFF : 0;
    }

    private byte[] bytes() {
        byte[] bytes = new byte[Math.min(next() % MAX_HEADERS, script.remaining())];
        script.get(bytes);
        return bytes;
    }

    /** A connection that is there from the start of the tunnel on, and that reads what it is sent. */
    private final class Tcpcopy extends RouteOwner implements RouteHandler {
        private int sent;
        private int received;
        private final RouteReader reader = new RouteReader(this);
        private final Batch batch = new Batch(TunnelFormat.COMBINED);
        private final BatchReader batches = new BatchReader(TunnelFormat.COMBINED, response -> received++);

        Tcpcopy() {
            send(versionMessage());
        }

        void send(byte[] bytes) {
            reader.read(ByteBuffer.wrap(bytes));
        }

        void finish() {
            flush();
            assertThat(received).as("records received").isEqualTo(sent);
        }

        @Override
        public void append(ByteBuffer buffer, int offset) {
            records++;
            sent++;
            batch.bytes().put(batch.add(), buffer, offset, TunnelFormat.COMBINED.recordLength());
            if (batch.isFull()) {
                flush();
            }
        }

        @Override
        public Address address() {
            return Address.LOOPBACK;
        }

        @Override
        public void close(String reason) {
            throw new AssertionError(reason);
        }

        private void flush() {
            assertThat(batches.read(batch.bytes().slice(0, batch.length())))
                    .as("batch can be read")
                    .isTrue();
            batch.clear();
        }

        @Override
        public void addRoute(Flow flow) {
            routing.addRoute(flow, this);
        }

        @Override
        public void deleteRoute(Flow flow) {
            routing.deleteRoute(flow, this);
        }

        @Override
        public void version(int version) {
            routing.joined(this);
        }

        @Override
        public void unknownType(int type) {
            // Only a line in the log.
        }
    }

    private static byte[] versionMessage() {
        ByteBuffer message = ByteBuffer.allocate(RouteMessage.LENGTH);
        new RouteMessage().wrap(message, 0).version();
        return message.array();
    }
}
