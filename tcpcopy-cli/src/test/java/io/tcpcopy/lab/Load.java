package io.tcpcopy.lab;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.file.Files;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP client that numbers its requests: short connections at a steady rate and keep-alive connections beside them.
 * Every second short connection is closed by the client, the others by the server. It prints a summary and exits with 1
 * if a request was not answered properly.
 */
public final class Load {

    private static final long STALLED_AFTER_NS = TimeUnit.SECONDS.toNanos(30);
    private static final int READ_BUFFER_BYTES = 256 * 1024;

    /** A keep-alive connection and the time of its next request. */
    private record Pause(long untilNs, SelectionKey key) {}

    private final LoadPlan plan;
    private final Selector selector = Selector.open();
    private final PrintWriter log;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);
    private final PriorityQueue<Pause> pauses =
            new PriorityQueue<>((one, other) -> Long.signum(one.untilNs() - other.untilNs()));

    private int open;
    private int answered;
    private int failed;
    private long lastProgressNs;

    private Load(LoadPlan plan) throws IOException {
        this.plan = plan;
        this.log = new PrintWriter(Files.newBufferedWriter(plan.log()));
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
        lastProgressNs = startNs;
        for (int i = 0; i < plan.keepAliveConnections(); i++) {
            open("k" + i, i, plan.requestsPerConnection(), false);
        }
        int nextShort = 0;
        long nowNs = startNs;
        while (nextShort < plan.shortConnections() || open > 0) {
            while (nextShort < plan.shortConnections() && dueNs(startNs, nextShort) - nowNs <= 0) {
                open("s" + nextShort, nextShort, 1, nextShort % 2 == 0);
                nextShort++;
            }
            long wakeNs = nowNs + STALLED_AFTER_NS;
            if (nextShort < plan.shortConnections()) {
                wakeNs = Math.min(wakeNs, dueNs(startNs, nextShort));
            }
            if (!pauses.isEmpty()) {
                wakeNs = Math.min(wakeNs, pauses.peek().untilNs());
            }
            select(wakeNs - nowNs);
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

    private long dueNs(long startNs, int number) {
        return startNs + number * TimeUnit.SECONDS.toNanos(1) / plan.ratePerSecond();
    }

    private void open(String name, int number, int requests, boolean serverCloses) throws IOException {
        String from = plan.clients().get(number % plan.clients().size());
        try {
            LoadConnection connection = new LoadConnection(
                    plan, new InetSocketAddress(from, 0), name, requests, serverCloses, this::record);
            connection.channel().register(selector, SelectionKey.OP_CONNECT, connection);
            open++;
        } catch (IOException e) {
            report(name, e);
        }
    }

    private void select(long timeoutNs) throws IOException {
        if (timeoutNs < TimeUnit.MILLISECONDS.toNanos(1)) {
            selector.selectNow(this::handle);
        } else {
            selector.select(this::handle, TimeUnit.NANOSECONDS.toMillis(timeoutNs));
        }
    }

    private void handle(SelectionKey key) {
        LoadConnection connection = (LoadConnection) key.attachment();
        advance(key, () -> {
            if (key.isConnectable()) {
                return connection.finishConnect();
            }
            return key.isWritable() ? connection.write() : connection.read(readBuffer);
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
            advance(key, ((LoadConnection) key.attachment())::sendNext);
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
