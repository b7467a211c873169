package io.tcpcopy.lab;

import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Random;
import java.util.zip.CRC32C;

/** A request in a datagram: what names it, {@code /r/RUN/CONNECTION/NUMBER}, a blank, and bytes of its own. */
final class DatagramRequest {

    private static final String METHOD = "UDP";
    private static final byte END_OF_NAME = ' ';

    private DatagramRequest() {}

    /** A request of this length in bytes; a shorter one has its name alone. */
    static byte[] of(String path, int length) {
        byte[] name = (path + (char) END_OF_NAME).getBytes(StandardCharsets.US_ASCII);
        byte[] bytes = new byte[Math.max(name.length, length)];
        new Random(path.hashCode()).nextBytes(bytes);
        System.arraycopy(name, 0, bytes, 0, name.length);
        return bytes;
    }

    /** What a request is answered with. */
    static ByteBuffer answer(String path) {
        return StandardCharsets.US_ASCII.encode(path);
    }

    /** What is recorded of a request that is all that remains in the buffer. */
    static RequestRecord record(InetSocketAddress client, ByteBuffer request) {
        int end = request.position();
        while (end < request.limit() && request.get(end) != END_OF_NAME) {
            end++;
        }
        String path = StandardCharsets.US_ASCII
                .decode(request.slice(request.position(), end - request.position()))
                .toString();
        CRC32C digest = new CRC32C();
        digest.update(request.duplicate());
        return new RequestRecord(
                client.getAddress().getHostAddress() + ':' + client.getPort(),
                METHOD,
                path,
                request.remaining(),
                RequestRecord.digest(digest));
    }
}
