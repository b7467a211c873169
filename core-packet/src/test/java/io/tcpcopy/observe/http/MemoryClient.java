package io.tcpcopy.observe.http;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.MemoryNetwork;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.NativeMemory;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/** The other end of a connection to a server, in memory: it reads when the test says so. */
final class MemoryClient {
    private static final int PIECE = 4096;

    private final ByteStream stream;
    private final NativeMemory memory = NativeMemory.allocate(PIECE, ByteOrder.BIG_ENDIAN);
    private boolean closed;

    MemoryClient(MemoryNetwork.Host host, Endpoint server) {
        stream = host.connect(server);
    }

    /** Sends a text that fits at once. */
    MemoryClient send(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        for (int offset = 0; offset < bytes.length; offset += PIECE) {
            int length = Math.min(PIECE, bytes.length - offset);
            memory.buffer().put(0, bytes, offset, length);
            stream.send(memory, 0, length);
        }
        return this;
    }

    /** Asks for a path as a browser does. */
    MemoryClient get(String path) {
        return send("GET " + path + " HTTP/1.1\r\nHost: 127.0.0.1:9464\r\nUser-Agent: test\r\n\r\n");
    }

    /** What has come. */
    String received() {
        StringBuilder text = new StringBuilder();
        for (int length = stream.receive(memory); ; length = stream.receive(memory)) {
            if (length <= 0) {
                closed |= length != -Errno.EAGAIN;
                return text.toString();
            }
            byte[] bytes = new byte[length];
            memory.buffer().get(0, bytes);
            text.append(new String(bytes, StandardCharsets.ISO_8859_1));
        }
    }

    /** Whether the server had closed the connection when all that it sent was {@link #received}. */
    boolean isClosed() {
        return closed;
    }

    void close() {
        stream.close();
    }
}
