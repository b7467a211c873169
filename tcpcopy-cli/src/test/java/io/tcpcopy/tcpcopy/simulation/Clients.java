package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Those who open connections: one after the other, some from a port that was used before. */
final class Clients {
    private static final int FIRST_ADDRESS = 0x0A030001;
    private static final int ADDRESSES = 20;
    private static final int FIRST_PORT = 20_000;

    private static final int NEAR_WRAP = 20_000;
    private static final int MAX_NUMBERS_BETWEEN = 1 << 22;
    private static final int MAX_UNCAPTURED = 8;
    private static final int MAX_APART_NS = (int) TimeUnit.MILLISECONDS.toNanos(40);
    private static final int MAX_UNUSED_S = 10;

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final boolean orderly;
    private final int size;
    private final Endpoint online;
    private final CopiedConnections connections;
    private final Host host;
    private final Consumer<Endpoint> newClient;

    private int added;
    private int open;

    /**
     * Clients of an online server.
     *
     * @param orderly see {@link Plan}
     * @param size how many ports are used
     * @param newClient told of each before it sends anything
     */
    Clients(
            Events events,
            Random random,
            Coverage coverage,
            boolean orderly,
            int size,
            Endpoint online,
            CopiedConnections connections,
            Consumer<TcpPacket> network,
            Consumer<Endpoint> newClient) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.orderly = orderly;
        this.size = size;
        this.online = online;
        this.connections = connections;
        this.newClient = newClient;
        host = new Host(events, coverage, random.nextInt(), false, network, null);
    }

    /** Has the first connection opened; the others follow. */
    void start() {
        Endpoint client = Endpoint.ipv4(FIRST_ADDRESS + random.nextInt(ADDRESSES), FIRST_PORT + added++);
        newClient.accept(client);
        connect(client, null);
        if (added < size) {
            events.after(random.nextInt(MAX_APART_NS), this::start);
        }
    }

    /** Whether any connection is open, or will be. */
    boolean areBusy() {
        return open > 0 || added < size;
    }

    /** A packet arrives for one of them. */
    void receive(TcpPacket packet) {
        host.receive(packet);
    }

    /** Opens a connection from a client's port, perhaps one that was used before. */
    private void connect(Endpoint client, Tcp before) {
        Plan plan = new Plan(random, orderly);
        int iss = plan.has(Behaviour.SEQUENCE_WRAP) ? -1 - random.nextInt(NEAR_WRAP) : random.nextInt();
        if (before != null) {
            iss = before.sndNxt() + 1 + random.nextInt(MAX_NUMBERS_BETWEEN);
            host.ended(before);
        }
        CopiedConnection copied = new CopiedConnection(
                client,
                plan,
                random.nextLong(),
                iss,
                plan.has(Behaviour.MID_STREAM) ? 1 + random.nextInt(MAX_UNCAPTURED) : 0);
        connections.add(copied);
        coverage.count(Figure.CONNECTIONS);
        plan.behaviours().forEach(coverage::count);
        open++;
        Tcp[] tcp = new Tcp[1];
        Application application = new ClientApplication(plan, random, events, coverage, new Runnable() {
            private boolean done;

            @Override
            public void run() {
                if (!done) {
                    done = true;
                    open--;
                    closed(copied, tcp[0]);
                }
            }
        });
        Tcp.Traits traits = plan.traitsOfClient();
        tcp[0] = Tcp.open(host, events, client, online, traits, application, copied.stream(), iss);
        host.add(tcp[0]);
    }

    private void closed(CopiedConnection copied, Tcp tcp) {
        if (tcp.state() == Tcp.State.CLOSED) {
            copied.clientAborted();
        }
        if (copied.plan().has(Behaviour.PORT_REUSED) && !copied.plan().has(Behaviour.CLIENT_VANISHES)) {
            open++;
            awaitPortFree(copied.client(), tcp);
        }
    }

    private void awaitPortFree(Endpoint client, Tcp tcp) {
        if (tcp.state() != Tcp.State.CLOSED && tcp.state() != Tcp.State.TIME_WAIT) {
            events.after(MAX_APART_NS, () -> awaitPortFree(client, tcp));
            return;
        }
        long unusedNs = random.nextInt(3) == 0 ? 0 : TimeUnit.SECONDS.toNanos(random.nextInt(MAX_UNUSED_S + 1));
        events.after(unusedNs, () -> {
            open--;
            connect(client, tcp);
        });
    }
}
