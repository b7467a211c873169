package io.tcpcopy.lab;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.CRC32C;

/** Takes HTTP/1.1 messages, requests or responses, off a stream of bytes; bodies must have a Content-Length. */
final class HttpMessageReader {

    private static final byte[] END_OF_HEAD = ascii("\r\n\r\n");
    // Names of header fields in lower case.
    private static final byte[] CONTENT_LENGTH = ascii("content-length:");
    private static final byte[] CONNECTION = ascii("connection:");
    private static final byte[] TRANSFER_ENCODING = ascii("transfer-encoding:");
    private static final byte TO_LOWER_CASE = 0x20;
    private static final int USUAL_HEAD = 512;
    private static final int LONGEST_HEAD = 16 * 1024;

    private final CRC32C digest = new CRC32C();
    private byte[] head = new byte[USUAL_HEAD];
    private int headLength;
    private int endMatched;

    private String startLine;
    private boolean lastOfConnection;
    private long bodyLength;
    private long bodyMissing;

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
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
        int limit = in.limit();
        digest.update(in.limit(in.position() + taken));
        in.limit(limit);
        bodyMissing -= taken;
        if (bodyMissing > 0) {
            return false;
        }
        headLength = 0;
        endMatched = 0;
        return true;
    }

    private void readHeadByte(byte next) {
        if (headLength == LONGEST_HEAD) {
            throw new IllegalArgumentException("a head longer than " + LONGEST_HEAD + " bytes");
        }
        if (headLength == head.length) {
            head = Arrays.copyOf(head, 2 * head.length);
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
        lastOfConnection = false;
        bodyLength = 0;
        int lineEnd = lineEnd(0);
        startLine = text(0, lineEnd);
        for (int line = lineEnd + 2; (lineEnd = lineEnd(line)) > line; line = lineEnd + 2) {
            if (isField(CONTENT_LENGTH, line)) {
                bodyLength = Long.parseLong(
                        text(line + CONTENT_LENGTH.length, lineEnd).trim());
            } else if (isField(CONNECTION, line)) {
                lastOfConnection = text(line, lineEnd).endsWith("close");
            } else if (isField(TRANSFER_ENCODING, line)) {
                throw new IllegalArgumentException("bodies without Content-Length are not understood");
            }
        }
        bodyMissing = bodyLength;
        digest.reset();
    }

    private int lineEnd(int from) {
        int end = from;
        while (head[end] != '\r') {
            end++;
        }
        return end;
    }

    private boolean isField(byte[] name, int line) {
        for (int i = 0; i < name.length; i++) {
            // The end of the head is no part of any name, so this does not go beyond it.
            if ((head[line + i] | TO_LOWER_CASE) != name[i]) {
                return false;
            }
        }
        return true;
    }

    private String text(int from, int to) {
        return new String(head, from, to - from, StandardCharsets.ISO_8859_1);
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

    /** The digest of the body, see {@link RequestRecord#digest}. */
    String bodyDigest() {
        return RequestRecord.digest(digest);
    }
}
