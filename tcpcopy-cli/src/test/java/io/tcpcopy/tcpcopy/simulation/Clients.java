package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Those who open connections: one after the other, some from a port that was used before. */
final class Clients {
    private static final int FIRST_ADDRESS = 0x0A030001;
    private static final int ADDRESSES = 40;
    private static final int FIRST_PORT = 20_000;

    private static final int NEAR_WRAP = 20_000;
    private static final int MAX_NUMBERS_BETWEEN = 1 << 22;
    private static final int MAX_UNCAPTURED = 8;
    private static final int MAX_APART_NS = (int) TimeUnit.MILLISECONDS.toNanos(40);
    private static final int MAX_UNUSED_S = 10;
    private static final int SHARED_ONE_IN = 5;
    private static final int LOWER_ONE_IN = 3;

    private final Events events;
    private final Random random;
    private final Coverage coverage;
    private final Nature nature;
    private final int size;
    private final List<Endpoint> online;
    private final CopiedConnections connections;
    private final Host host;
    private final Consumer<Endpoint> newClient;
    private final Consumer<CopiedConnection> newConnection;
    private final BiPredicate<CopiedConnection, Integer> skipping;

    private int added;
    private int open;
    /** Between which ends the newest connection is whose port was not used before towards its address. */
    private Ends last;
    /** Towards how many addresses of the online host its port is used. */
    private int addressesUsed;

    /**
     * Clients of an online server.
     *
     * @param size how many ports are used
     * @param newClient told of each before it sends anything
     * @param newConnection told of each connection as soon as it is opened
     * @param skipping leaves out so many bytes of a connection wherever it is, or cannot yet
     */
    Clients(
            Events events,
            Random random,
            Coverage coverage,
            Nature nature,
            int size,
            List<Endpoint> online,
            CopiedConnections connections,
            Consumer<TcpPacket> network,
            Consumer<Endpoint> newClient,
            Consumer<CopiedConnection> newConnection,
            BiPredicate<CopiedConnection, Integer> skipping) {
        this.events = events;
        this.random = random;
        this.coverage = coverage;
        this.nature = nature;
        this.size = size;
        this.online = online;
        this.connections = connections;
        this.newClient = newClient;
        this.newConnection = newConnection;
        this.skipping = skipping;
        host = new Host(events, coverage, random.nextInt(), false, false, Host.USUAL_IN_FLIGHT, network, null);
    }

    /** Has the first connection opened; the others follow. */
    void start() {
        added++;
        if (addressesUsed > 0 && addressesUsed < online.size() && random.nextInt(SHARED_ONE_IN) == 0) {
            shareLast();
        } else {
            openFromNewPort();
        }
        if (added < size) {
            events.after(random.nextInt(MAX_APART_NS), this::start);
        }
    }

    private void openFromNewPort() {
        Plan plan = new Plan(random, nature);
        if (plan.has(Behaviour.LONG_REQUEST)) {
            // Its numbers are all that there are.
            Endpoint client = Endpoint.ipv4(FIRST_ADDRESS + ADDRESSES + added, FIRST_PORT + added);
            newClient.accept(client);
            connect(new Ends(client, online.get(0)), plan, random.nextInt());
            return;
        }
        Endpoint client;
        int iss;
        do {
            client = Endpoint.ipv4(FIRST_ADDRESS + random.nextInt(ADDRESSES), FIRST_PORT + added);
            iss = plan.has(Behaviour.SEQUENCE_WRAP) ? -1 - random.nextInt(NEAR_WRAP) : random.nextInt();
        } while (!connections.areFree(client, iss, plan.length()));
        newClient.accept(client);
        last = new Ends(client, online.get(random.nextInt(online.size())));
        addressesUsed = 1;
        connect(last, plan, iss);
    }

    /** The port that was opened last is used towards another address of the online host as well. */
    private void shareLast() {
        coverage.count(Figure.PORTS_SHARED);
        Plan plan = otherThan(Behaviour.LONG_REQUEST);
        int next = (online.indexOf(last.server()) + 1) % online.size();
        last = new Ends(last.client(), online.get(next));
        addressesUsed++;
        connect(last, plan, freeNumber(last.client(), plan));
    }

    private Plan otherThan(Behaviour... excluded) {
        Plan plan;
        do {
            plan = new Plan(random, nature);
        } while (Stream.of(excluded).anyMatch(plan::has));
        return plan;
    }

    private int freeNumber(Endpoint client, Plan plan) {
        int iss;
        do {
            iss = random.nextInt();
        } while (!connections.areFree(client, iss, plan.length()));
        return iss;
    }

    /** Whether any connection is open, or will be. */
    boolean areBusy() {
        return open > 0 || added < size;
    }

    /** The client's end of a connection, or null. */
    Tcp connection(Ends ends) {
        return host.connection(ends);
    }

    /** A packet arrives for one of them. */
    void receive(TcpPacket packet) {
        host.receive(packet);
    }

    private void connectAgain(Ends ends, Tcp before) {
        // Behind a live connection a SYN alone, for long, cannot be told from a stray one.
        Plan plan = otherThan(Behaviour.LONG_REQUEST, Behaviour.HANDSHAKE_UNSEEN);
        int iss = before.sndNxt() + 1 + random.nextInt(MAX_NUMBERS_BETWEEN);
        // Without the SYN, lower numbers look like what the connection before has sent.
        if (!plan.has(Behaviour.MID_STREAM) && random.nextInt(LOWER_ONE_IN) == 0) {
            coverage.count(Figure.NUMBERED_LOWER);
            iss = before.iss() - plan.length() - 2 - MAX_NUMBERS_BETWEEN - random.nextInt(MAX_NUMBERS_BETWEEN);
        }
        host.ended(before);
        boolean isFree = connections.areFree(ends.client(), iss, plan.length());
        connect(ends, plan, isFree ? iss : freeNumber(ends.client(), plan));
    }

    private void connect(Ends ends, Plan plan, int iss) {
        CopiedConnection copied = new CopiedConnection(
                ends,
                plan,
                random.nextLong(),
                iss,
                plan.has(Behaviour.MID_STREAM) ? 1 + random.nextInt(MAX_UNCAPTURED) : 0);
        connections.add(copied);
        coverage.count(Figure.CONNECTIONS);
        plan.behaviours().forEach(coverage::count);
        open++;
        Tcp[] tcp = new Tcp[1];
        Runnable done = new Runnable() {
            private boolean done;

            @Override
            public void run() {
                if (!done) {
                    done = true;
                    open--;
                    closed(copied, tcp[0]);
                }
            }
        };
        Application application = plan.isUnpaced()
                ? new UnpacedClient(plan, events, coverage, bytes -> skipping.test(copied, bytes), done)
                : new ClientApplication(plan, random, events, coverage, done);
        Tcp.Traits traits = plan.traitsOfClient();
        tcp[0] = Tcp.open(host, events, ends.client(), ends.server(), traits, application, copied.stream(), iss);
        host.add(tcp[0]);
        newConnection.accept(copied);
    }

    private void closed(CopiedConnection copied, Tcp tcp) {
        copied.clientLeaves();
        if (tcp.state() == Tcp.State.CLOSED) {
            copied.clientAborted();
        }
        if (copied.plan().has(Behaviour.PORT_REUSED) && !copied.plan().has(Behaviour.CLIENT_VANISHES)) {
            open++;
            awaitPortFree(copied.ends(), tcp);
        }
    }

    private void awaitPortFree(Ends ends, Tcp tcp) {
        if (tcp.state() != Tcp.State.CLOSED && tcp.state() != Tcp.State.TIME_WAIT) {
            events.after(MAX_APART_NS, () -> awaitPortFree(ends, tcp));
            return;
        }
        long unusedNs = random.nextInt(3) == 0 ? 0 : TimeUnit.SECONDS.toNanos(random.nextInt(MAX_UNUSED_S + 1));
        events.after(unusedNs, () -> {
            open--;
            connectAgain(ends, tcp);
        });
    }
}
