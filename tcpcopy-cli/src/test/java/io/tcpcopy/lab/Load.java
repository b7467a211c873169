package io.tcpcopy.lab;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP client that numbers its requests: short connections at a steady rate and keep-alive connections beside them.
 * Every second short connection is closed by the client, the others by the server. It prints a summary and exits with 1
 * if a request was not answered properly.
 *
 * <p>It shares the processor with the programs under test, so it is one thread that sleeps when it can. Where the
 * machine is too slow for the rate the load gets slower and says so, but nothing fails.
 */
public final class Load {

    private static final long STALLED_AFTER_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int READ_BUFFER_BYTES = 256 * 1024;
    /** More are not opened while so many are: enough for every rate, and no server runs out of anything. */
    private static final int MOST_OPEN = 2000;
    /** Those that are open have their turn before more are opened. */
    private static final int MOST_OPENED_IN_A_TURN = 32;

    /** A keep-alive connection and the time of its next request. */
    private record Pause(long untilNs, SelectionKey key) {}

    /** Connections that are opened at a steady rate. */
    private final class Series {

        private final String letter;
        private final int connections;
        private final int requestsEach;
        private final long intervalNs;
        private final long startNs;
        private int opened;

        Series(String letter, int connections, int ratePerSecond, int requestsEach, long startNs) {
            this.letter = letter;
            this.connections = connections;
            this.requestsEach = requestsEach;
            this.intervalNs = ratePerSecond == LoadPlan.AT_ONCE ? 0 : TimeUnit.SECONDS.toNanos(1) / ratePerSecond;
            this.startNs = startNs;
        }

        boolean isComplete() {
            return opened == connections;
        }

        /** How long until the next one is due; negative if it is late. */
        long dueInNs(long nowNs) {
            return isComplete() ? STALLED_AFTER_NS : startNs + opened * intervalNs - nowNs;
        }

        void openDue(long nowNs) {
            int most = opened + Math.min(MOST_OPENED_IN_A_TURN, MOST_OPEN - open);
            while (!isComplete() && opened < most && dueInNs(nowNs) <= 0) {
                open(letter + opened, requestsEach, requestsEach == 1 && opened % 2 == 0);
                opened++;
            }
        }
    }

    private final LoadPlan plan;
    private final SourceAddresses sources;
    private final Selector selector = Selector.open();
    private final PrintWriter log;
    private final ByteBuffer buffer;
    private final PriorityQueue<Pause> pauses =
            new PriorityQueue<>((one, other) -> Long.signum(one.untilNs() - other.untilNs()));

    private int open;
    private int answered;
    private int failed;
    private long lastProgressNs;

    private Load(LoadPlan plan) throws IOException {
        this.plan = plan;
        this.sources = new SourceAddresses(plan.clients(), plan.run());
        this.log = new PrintWriter(Files.newBufferedWriter(plan.log()));
        this.buffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES + plan.atOnce() * plan.bodyBytes());
    }

    /** Makes the load that the arguments describe; see {@link LoadPlan#USAGE}. */
    public static void main(String[] args) throws IOException {
        LoadPlan plan;
        try {
            plan = LoadPlan.parse(args);
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.exit(2);
            return;
        }
        Load load = new Load(plan);
        load.run();
        System.exit(load.answered == plan.requests() ? 0 : 1);
    }

    private void run() throws IOException {
        long startNs = System.nanoTime();
        Series keepAlive = new Series(
                "k", plan.keepAliveConnections(), plan.keepAlivePerSecond(), plan.requestsPerConnection(), startNs);
        Series brief = new Series("s", plan.shortConnections(), plan.ratePerSecond(), 1, startNs);
        lastProgressNs = startNs;
        long nowNs = startNs;
        while (!keepAlive.isComplete() || !brief.isComplete() || open > 0) {
            keepAlive.openDue(nowNs);
            brief.openDue(nowNs);
            long waitNs = Math.min(keepAlive.dueInNs(nowNs), brief.dueInNs(nowNs));
            if (!pauses.isEmpty()) {
                waitNs = Math.min(waitNs, pauses.peek().untilNs() - nowNs);
            }
            // What is due within a millisecond is opened together: a selector's time is no finer, and turning without
            // a pause would take half the machine.
            selector.select(this::handle, Math.max(1, TimeUnit.NANOSECONDS.toMillis(waitNs)));
            nowNs = System.nanoTime();
            endPauses(nowNs);
            if (nowNs - lastProgressNs > STALLED_AFTER_NS) {
                System.err.println("no progress for 30 s, " + open + " connections are open");
                break;
            }
        }
        log.close();
        if (log.checkError()) {
            throw new IOException(plan.log() + " could not be written");
        }
        System.out.printf(
                "%d requests answered, %d not, in %.1f s%n",
                answered, plan.requests() - answered, (System.nanoTime() - startNs) / 1e9);
    }

    private void open(String name, int requests, boolean serverCloses) {
        try {
            SocketChannel channel = sources.connect(plan.server());
            LoadConnection connection = new LoadConnection(plan, channel, name, requests, serverCloses, this::record);
            channel.register(selector, SelectionKey.OP_CONNECT, connection);
            open++;
        } catch (IOException e) {
            report(name, e);
        }
    }

    private void handle(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        advance(key, () -> {
            if (key.isReadable()) {
                return connection.read(buffer);
            }
            return key.isConnectable() ? connection.finishConnect(buffer) : connection.write();
        });
    }

    private void record(RequestRecord request) {
        answered++;
        log.println(request.line());
    }

    /** A step of a connection's exchange. */
    @FunctionalInterface
    private interface Step {
        LoadConnection.Awaits take() throws IOException;
    }

    private void advance(SelectionKey key, Step step) {
        LoadConnection connection = (LoadConnection) key.attachment();
        try {
            switch (step.take()) {
                case WRITE -> key.interestOps(SelectionKey.OP_WRITE);
                case READ -> key.interestOps(SelectionKey.OP_READ);
                case PAUSE -> {
                    key.interestOps(0);
                    pauses.add(new Pause(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(plan.pauseMs()), key));
                }
                case NOTHING -> open--;
            }
            lastProgressNs = System.nanoTime();
        } catch (IOException | IllegalArgumentException e) {
            open--;
            report(connection.current(), e);
            close(connection);
        }
    }

    private void endPauses(long nowNs) {
        while (!pauses.isEmpty() && pauses.peek().untilNs() - nowNs <= 0) {
            SelectionKey key = pauses.poll().key();
            advance(key, () -> ((LoadConnection) key.attachment()).sendNext(buffer));
        }
    }

    private static void close(LoadConnection connection) {
        try {
            connection.channel().close();
        } catch (IOException e) {
            System.err.println("close: " + e.getMessage());
        }
    }

    /** The first few failures are enough to see what is wrong. */
    private void report(String what, Exception failure) {
        failed++;
        if (failed <= 10) {
            System.err.println(what + ": " + failure.getMessage());
        }
    }
}
