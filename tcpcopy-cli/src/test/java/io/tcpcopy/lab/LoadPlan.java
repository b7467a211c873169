package io.tcpcopy.lab;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What load to make.
 *
 * @param server where to
 * @param clients source addresses, used in turn
 * @param run names the run in the path of each request: {@code /r/RUN/CONNECTION/NUMBER}
 * @param log where each answered request is recorded
 * @param shortConnections connections with one request each
 * @param ratePerSecond how many of them are opened in a second
 * @param keepAliveConnections connections with several requests
 * @param keepAlivePerSecond how many of them are opened in a second, or {@link #AT_ONCE}
 * @param requestsPerConnection how many
 * @param atOnce how many requests these send before they wait for the responses to all of them
 * @param pauseMs pause between a response and the next request on these
 * @param bodyBytes size of request bodies; 0 makes GET requests, else POST
 * @param responseBytes size of response bodies to ask for; 0 leaves it to the server
 */
record LoadPlan(
        InetSocketAddress server,
        List<InetAddress> clients,
        String run,
        Path log,
        int shortConnections,
        int ratePerSecond,
        int keepAliveConnections,
        int keepAlivePerSecond,
        int requestsPerConnection,
        int atOnce,
        int pauseMs,
        int bodyBytes,
        int responseBytes) {

    /** A rate: all connections begin when the load begins. */
    static final int AT_ONCE = 0;

    static final String USAGE = "Usage: Load --server ADDRESS:PORT --clients PREFIX.FIRST-LAST --run NAME --log FILE"
            + " [--short NUM --rate PER_SECOND]"
            + " [--keep-alive NUM --keep-alive-rate PER_SECOND --requests NUM --at-once NUM --pause MS]"
            + " [--body BYTES] [--response BYTES]";

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException if it cannot be understood
     */
    static LoadPlan parse(String[] args) {
        if (args.length % 2 != 0) {
            throw new IllegalArgumentException(USAGE);
        }
        Map<String, String> options = new HashMap<>();
        for (int i = 0; i < args.length; i += 2) {
            options.put(args[i], args[i + 1]);
        }
        LoadPlan plan = new LoadPlan(
                address(required(options, "--server")),
                addresses(required(options, "--clients")),
                required(options, "--run"),
                Path.of(required(options, "--log")),
                number(options, "--short", 0),
                number(options, "--rate", 500),
                number(options, "--keep-alive", 0),
                number(options, "--keep-alive-rate", AT_ONCE),
                number(options, "--requests", 100),
                number(options, "--at-once", 1),
                number(options, "--pause", 0),
                number(options, "--body", 0),
                number(options, "--response", 0));
        if (!options.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + options.keySet() + '\n' + USAGE);
        }
        return plan;
    }

    private static String required(Map<String, String> options, String name) {
        String value = options.remove(name);
        if (value == null) {
            throw new IllegalArgumentException(name + " is missing\n" + USAGE);
        }
        return value;
    }

    private static int number(Map<String, String> options, String name, int byDefault) {
        String value = options.remove(name);
        return value == null ? byDefault : Integer.parseInt(value);
    }

    /** {@code ADDRESS:PORT}. */
    static InetSocketAddress address(String text) {
        int colon = text.lastIndexOf(':');
        return new InetSocketAddress(text.substring(0, colon), Integer.parseInt(text.substring(colon + 1)));
    }

    /** {@code 10.1.1.1-30} is thirty addresses. */
    static List<InetAddress> addresses(String text) {
        int lastDot = text.lastIndexOf('.');
        String[] range = text.substring(lastDot + 1).split("-");
        int first = Integer.parseInt(range[0]);
        int last = Integer.parseInt(range[range.length - 1]);
        List<InetAddress> addresses = new ArrayList<>();
        for (int number = first; number <= last; number++) {
            addresses.add(new InetSocketAddress(text.substring(0, lastDot + 1) + number, 0).getAddress());
        }
        return addresses;
    }

    /** All requests of the plan. */
    int requests() {
        return shortConnections + keepAliveConnections * requestsPerConnection;
    }
}
