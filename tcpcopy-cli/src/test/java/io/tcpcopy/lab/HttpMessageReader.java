package io.tcpcopy.lab;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/** Takes HTTP/1.1 messages, requests or responses, off a stream of bytes; bodies must have a Content-Length. */
final class HttpMessageReader {

    private static final byte[] END_OF_HEAD = "\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
    private static final int LONGEST_HEAD = 16 * 1024;

    private final MessageDigest digest = sha256();
    private final byte[] head = new byte[LONGEST_HEAD];
    private int headLength;
    private int endMatched;

    private String startLine;
    private boolean lastOfConnection;
    private long bodyLength;
    private long bodyMissing;
    private String bodyDigest;

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /**
     * Consumes bytes until a message is complete or there are no more. What the accessors return belongs to the
     * complete message and holds until the next call.
     *
     * @return whether a message is complete
     * @throws IllegalArgumentException if the bytes are no HTTP message
     */
    boolean read(ByteBuffer in) {
        while (endMatched < END_OF_HEAD.length && in.hasRemaining()) {
            readHeadByte(in.get());
        }
        if (endMatched < END_OF_HEAD.length) {
            return false;
        }
        int taken = (int) Math.min(bodyMissing, in.remaining());
        digest.update(in.slice(in.position(), taken));
        in.position(in.position() + taken);
        bodyMissing -= taken;
        if (bodyMissing > 0) {
            return false;
        }
        bodyDigest = HexFormat.of().formatHex(digest.digest());
        headLength = 0;
        endMatched = 0;
        return true;
    }

    private void readHeadByte(byte next) {
        if (headLength == LONGEST_HEAD) {
            throw new IllegalArgumentException("a head longer than " + LONGEST_HEAD + " bytes");
        }
        head[headLength++] = next;
        if (next == END_OF_HEAD[endMatched]) {
            endMatched++;
        } else {
            endMatched = next == END_OF_HEAD[0] ? 1 : 0;
        }
        if (endMatched == END_OF_HEAD.length) {
            parseHead();
        }
    }

    private void parseHead() {
        String[] lines = new String(head, 0, headLength, StandardCharsets.ISO_8859_1).split("\r\n");
        startLine = lines[0];
        lastOfConnection = false;
        bodyLength = 0;
        for (int i = 1; i < lines.length; i++) {
            String line = lines[i].toLowerCase(Locale.ROOT);
            if (line.startsWith("content-length:")) {
                bodyLength = Long.parseLong(
                        line.substring("content-length:".length()).trim());
            } else if (line.startsWith("connection:")) {
                lastOfConnection = line.endsWith("close");
            } else if (line.startsWith("transfer-encoding:")) {
                throw new IllegalArgumentException("bodies without Content-Length are not understood");
            }
        }
        bodyMissing = bodyLength;
    }

    /** The request line or status line. */
    String startLine() {
        return startLine;
    }

    /** Whether the sender asks to close the connection after this exchange. */
    boolean lastOfConnection() {
        return lastOfConnection;
    }

    /** Bytes in the body. */
    long bodyLength() {
        return bodyLength;
    }

    /** SHA-256 of the body in hexadecimal. */
    String bodyDigest() {
        return bodyDigest;
    }
}
