package io.tcpcopy.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Consumer;

/** One connection of the load: sends its requests one after the other and checks each response. */
final class LoadConnection {

    /** What the owner of the connection waits for next. */
    enum Awaits {
        WRITE,
        READ,
        /** The pause before the next request; {@link #sendNext} ends it. */
        PAUSE,
        /** All requests are answered and the connection is closed. */
        NOTHING
    }

    private final LoadPlan plan;
    private final SocketChannel channel;
    private final String name;
    private final int requests;
    private final boolean serverCloses;
    private final Consumer<RequestRecord> onAnswer;
    private final HttpMessageReader reader = new HttpMessageReader();

    private String client;
    private ByteBuffer request = ByteBuffer.allocate(0);
    private RequestRecord current;
    private int sent;
    private boolean answered;

    /**
     * Opens a connection.
     *
     * @param name makes the paths of its requests unique within the run
     * @param requests how many requests it sends
     * @param serverCloses whether it asks the server to close after the last one, or closes by itself
     * @param onAnswer is told each request that was answered properly
     */
    LoadConnection(
            LoadPlan plan,
            InetSocketAddress from,
            String name,
            int requests,
            boolean serverCloses,
            Consumer<RequestRecord> onAnswer)
            throws IOException {
        this.plan = plan;
        this.name = name;
        this.requests = requests;
        this.serverCloses = serverCloses;
        this.onAnswer = onAnswer;
        channel = SocketChannel.open();
        channel.configureBlocking(false);
        channel.bind(from);
        channel.connect(plan.server());
    }

    SocketChannel channel() {
        return channel;
    }

    /** The request that is under way or was the last, for messages. */
    String current() {
        return current == null ? name : current.line();
    }

    /** Goes on once the connection can be completed. */
    Awaits finishConnect() throws IOException {
        channel.finishConnect();
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        client = local.getAddress().getHostAddress() + ':' + local.getPort();
        return sendNext();
    }

    /** Sends the next request. */
    Awaits sendNext() throws IOException {
        String path = "/r/" + plan.run() + '/' + name + '/' + sent;
        byte[] body = body(path);
        String method = body.length == 0 ? "GET" : "POST";
        current = new RequestRecord(client, method, path, body.length, sha256(body));
        sent++;
        String head = method + ' ' + path + (plan.responseBytes() > 0 ? "?" + plan.responseBytes() : "")
                + " HTTP/1.1\r\nHost: " + plan.server().getHostString()
                + (body.length == 0 ? "" : "\r\nContent-Length: " + body.length)
                + (serverCloses && sent == requests ? "\r\nConnection: close" : "")
                + "\r\n\r\n";
        request = ByteBuffer.allocate(head.length() + body.length)
                .put(head.getBytes(StandardCharsets.US_ASCII))
                .put(body)
                .flip();
        answered = false;
        return write();
    }

    /** Each request has a body of its own, so that swapped or repeated parts do not go unnoticed. */
    private byte[] body(String path) {
        byte[] body = new byte[plan.bodyBytes()];
        new Random(path.hashCode()).nextBytes(body);
        return body;
    }

    private static String sha256(byte[] body) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(body));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** Goes on writing once there is room. */
    Awaits write() throws IOException {
        channel.write(request);
        return request.hasRemaining() ? Awaits.WRITE : Awaits.READ;
    }

    /**
     * Goes on reading.
     *
     * @throws IOException if the connection broke, or its response is not the right one
     */
    Awaits read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            if (answered && serverCloses && sent == requests) {
                channel.close();
                return Awaits.NOTHING;
            }
            throw new IOException("closed by the server before the response was complete");
        }
        buffer.flip();
        if (reader.read(buffer)) {
            checkResponse(buffer);
            answered = true;
            onAnswer.accept(current);
        }
        if (!answered) {
            return Awaits.READ;
        }
        if (sent < requests) {
            return Awaits.PAUSE;
        }
        if (serverCloses) {
            return Awaits.READ;
        }
        channel.close();
        return Awaits.NOTHING;
    }

    private void checkResponse(ByteBuffer rest) throws IOException {
        if (answered || rest.hasRemaining()) {
            throw new IOException("more than one response");
        }
        if (!reader.startLine().startsWith("HTTP/1.1 200 ")) {
            throw new IOException(reader.startLine());
        }
        if (plan.responseBytes() > 0 && reader.bodyLength() != plan.responseBytes()) {
            throw new IOException("a response body of " + reader.bodyLength() + " bytes");
        }
    }
}
