package io.tcpcopy.lab;

import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.flow.Address;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Writes a large capture file of a web service: 100 clients at a time, each with one connection after the other, with 20
 * requests each, which come 10 ms after each other: 9,000 requests a second.
 */
public final class CaptureMaker {

    private static final String USAGE = "Usage: CaptureMaker FILE MEGABYTES BODY_BYTES CLIENT_PREFIX SERVER PORT";

    private static final int CLIENTS = 100;
    private static final int REQUESTS = 20;
    private static final int REQUEST_INTERVAL_MS = 10;
    /** With its handshake and its end. */
    private static final int CONNECTION_MS = (REQUESTS + 2) * REQUEST_INTERVAL_MS;

    private static final int FIRST_PORT = 20_000;
    private static final int PORTS = 40_000;
    private static final int NUMBERS_OF_A_CONNECTION = 1 << 24;
    private static final int BYTES_PER_MEGABYTE = 1 << 20;

    private final Path path;
    private final CaptureFileWriter file;
    private final int bodyBytes;
    private final String clientPrefix;
    private final int server;
    private final int port;

    private CaptureMaker(String[] args, CaptureFileWriter file) {
        this.path = Path.of(args[0]);
        this.file = file;
        this.bodyBytes = Integer.parseInt(args[2]);
        this.clientPrefix = args[3];
        this.server = Address.parse(args[4]).orElseThrow().bits();
        this.port = Integer.parseInt(args[5]);
    }

    /** Writes the file that the arguments describe. */
    public static void main(String[] args) throws IOException {
        if (args.length != 6) {
            System.err.println(USAGE);
            System.exit(2);
        }
        try (CaptureFileWriter file = new CaptureFileWriter(Path.of(args[0]), CaptureFileWriter.RAW_IP)) {
            new CaptureMaker(args, file).write(Long.parseLong(args[1]) * BYTES_PER_MEGABYTE);
        }
    }

    private void write(long bytes) throws IOException {
        int round = 0;
        while (Files.size(path) < bytes) {
            writeConnections(round);
            round++;
        }
        System.out.printf("%d requests, %d connections%n", (long) round * CLIENTS * REQUESTS, (long) round * CLIENTS);
    }

    private void writeConnections(int round) throws IOException {
        CapturedConnection[] connections = new CapturedConnection[CLIENTS];
        int startMs = round * CONNECTION_MS;
        for (int i = 0; i < CLIENTS; i++) {
            connections[i] = new CapturedConnection(
                    file::add,
                    round + "-" + i,
                    Address.parse(clientPrefix + "." + (i + 1)).orElseThrow().bits(),
                    FIRST_PORT + round % PORTS,
                    server,
                    port,
                    round * NUMBERS_OF_A_CONNECTION);
            connections[i].open(startMs);
        }
        for (int request = 1; request <= REQUESTS; request++) {
            for (CapturedConnection connection : connections) {
                connection
                        .send(startMs + request * REQUEST_INTERVAL_MS, connection.request(bodyBytes))
                        .answered();
            }
        }
        for (CapturedConnection connection : connections) {
            connection.close(startMs + CONNECTION_MS - 1);
        }
    }
}
