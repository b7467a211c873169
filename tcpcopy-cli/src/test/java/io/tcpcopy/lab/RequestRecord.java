package io.tcpcopy.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.zip.CRC32C;

/**
 * One HTTP request as its client or a server saw it; one line of their logs:
 * {@code ADDRESS:PORT METHOD PATH LENGTH DIGEST}.
 *
 * @param client the client's address and port
 * @param method the HTTP method
 * @param path the request target without its query; it names the request
 * @param bodyLength bytes in the body
 * @param bodyDigest see {@link #digest}, or {@value #NOT_KNOWN} where the server does not tell
 */
public record RequestRecord(String client, String method, String path, long bodyLength, String bodyDigest) {

    /** How a server that logs less than ours, nginx for one, writes a length or digest that it does not have. */
    static final String NOT_KNOWN = "-";

    private static final int FIELDS = 5;

    /**
     * Reads a line of a log.
     *
     * @throws IllegalArgumentException if it is none
     */
    public static RequestRecord parse(String line) {
        String[] fields = line.split(" ");
        if (fields.length != FIELDS) {
            throw new IllegalArgumentException("not a line of a request log: " + line);
        }
        long bodyLength = fields[3].equals(NOT_KNOWN) ? 0 : Long.parseLong(fields[3]);
        return new RequestRecord(fields[0], fields[1], withoutQuery(fields[2]), bodyLength, fields[4]);
    }

    /** Reads a whole log, in its order. A line that is being written does not count yet. */
    public static List<RequestRecord> readAll(Path log) {
        try {
            String text = Files.readString(log);
            return text.substring(0, text.lastIndexOf('\n') + 1)
                    .lines()
                    .map(RequestRecord::parse)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static String withoutQuery(String target) {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    /**
     * How a digest is written: the body's CRC-32C in hexadecimal. Clients and servers share the processor with the
     * programs that they measure, and this is cheap.
     */
    static String digest(CRC32C ofBody) {
        return Long.toHexString(ofBody.getValue());
    }

    /** Whether both records carry the same body, as far as both tell. */
    boolean hasBodyOf(RequestRecord other) {
        return bodyLength == other.bodyLength
                && (bodyDigest.equals(other.bodyDigest)
                        || bodyDigest.equals(NOT_KNOWN)
                        || other.bodyDigest.equals(NOT_KNOWN));
    }

    /** The line of a log, without its end. */
    String line() {
        return client + ' ' + method + ' ' + path + ' ' + bodyLength + ' ' + bodyDigest;
    }
}
