package io.tcpcopy.lab;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import java.util.zip.CRC32C;

/** One connection of the load: sends its requests, one after the other or several at once, and checks each response. */
final class LoadConnection {

    /** What the owner of the connection waits for next. */
    enum Awaits {
        WRITE,
        READ,
        /** The pause before the next requests; {@link #sendNext} ends it. */
        PAUSE,
        /** All requests are answered and the connection is closed. */
        NOTHING
    }

    private static final ByteBuffer ALL_SENT = ByteBuffer.allocate(0);

    private final LoadPlan plan;
    private final SocketChannel channel;
    private final String client;
    private final String name;
    private final int requests;
    private final boolean serverCloses;
    private final Consumer<RequestRecord> onAnswer;
    private final HttpMessageReader reader = new HttpMessageReader();

    private ByteBuffer unsent = ALL_SENT;
    private final Deque<RequestRecord> unanswered = new ArrayDeque<>();
    private int sent;

    /**
     * Takes over a connection that is being opened.
     *
     * @param name makes the paths of its requests unique within the run
     * @param requests how many requests it sends
     * @param serverCloses whether it asks the server to close after the last one, or closes by itself
     * @param onAnswer is told each request that was answered properly
     */
    LoadConnection(
            LoadPlan plan,
            SocketChannel channel,
            String name,
            int requests,
            boolean serverCloses,
            Consumer<RequestRecord> onAnswer)
            throws IOException {
        this.plan = plan;
        this.channel = channel;
        this.name = name;
        this.requests = requests;
        this.serverCloses = serverCloses;
        this.onAnswer = onAnswer;
        InetSocketAddress local = (InetSocketAddress) channel.getLocalAddress();
        client = local.getAddress().getHostAddress() + ':' + local.getPort();
    }

    SocketChannel channel() {
        return channel;
    }

    /** The first request that is under way, for messages. */
    String current() {
        return unanswered.isEmpty() ? name : unanswered.peek().line();
    }

    /** Goes on once the connection can be completed; the buffer is for its use during the call, as below. */
    Awaits finishConnect(ByteBuffer buffer) throws IOException {
        channel.finishConnect();
        return sendNext(buffer);
    }

    /** Sends the next request, or the next ones at once. */
    Awaits sendNext(ByteBuffer buffer) throws IOException {
        buffer.clear();
        while (sent < requests && unanswered.size() < plan.atOnce()) {
            putNext(buffer);
        }
        channel.write(buffer.flip());
        if (!buffer.hasRemaining()) {
            return Awaits.READ;
        }
        unsent = ByteBuffer.allocate(buffer.remaining()).put(buffer).flip();
        return Awaits.WRITE;
    }

    private void putNext(ByteBuffer buffer) {
        String path = "/r/" + plan.run() + '/' + name + '/' + sent;
        byte[] body = body(path);
        String method = body.length == 0 ? "GET" : "POST";
        unanswered.add(new RequestRecord(client, method, path, body.length, digest(body)));
        sent++;
        String head = method + ' ' + path + (plan.responseBytes() > 0 ? "?" + plan.responseBytes() : "")
                + " HTTP/1.1\r\nHost: " + plan.server().getHostString()
                + (body.length == 0 ? "" : "\r\nContent-Length: " + body.length)
                + (serverCloses && sent == requests ? "\r\nConnection: close" : "")
                + "\r\n\r\n";
        buffer.put(head.getBytes(StandardCharsets.US_ASCII)).put(body);
    }

    /** Each request has a body of its own, so that swapped or repeated parts do not go unnoticed. */
    private byte[] body(String path) {
        byte[] body = new byte[plan.bodyBytes()];
        if (body.length > 0) {
            new SplittableRandom(path.hashCode()).nextBytes(body);
        }
        return body;
    }

    private static String digest(byte[] body) {
        CRC32C digest = new CRC32C();
        digest.update(body, 0, body.length);
        return RequestRecord.digest(digest);
    }

    /** Goes on writing once there is room. */
    Awaits write() throws IOException {
        channel.write(unsent);
        if (unsent.hasRemaining()) {
            return Awaits.WRITE;
        }
        unsent = ALL_SENT;
        return Awaits.READ;
    }

    /**
     * Goes on reading.
     *
     * @throws IOException if the connection broke, or its response is not the right one
     */
    Awaits read(ByteBuffer buffer) throws IOException {
        buffer.clear();
        if (channel.read(buffer) < 0) {
            if (unanswered.isEmpty() && serverCloses && sent == requests) {
                channel.close();
                return Awaits.NOTHING;
            }
            throw new IOException("closed by the server before the response was complete");
        }
        buffer.flip();
        while (reader.read(buffer)) {
            checkResponse();
            onAnswer.accept(unanswered.remove());
        }
        if (!unanswered.isEmpty()) {
            return Awaits.READ;
        }
        if (sent < requests) {
            return plan.pauseMs() > 0 ? Awaits.PAUSE : sendNext(buffer);
        }
        if (serverCloses) {
            return Awaits.READ;
        }
        channel.close();
        return Awaits.NOTHING;
    }

    private void checkResponse() throws IOException {
        if (unanswered.isEmpty()) {
            throw new IOException("more responses than requests");
        }
        if (!reader.startLine().startsWith("HTTP/1.1 200 ")) {
            throw new IOException(reader.startLine());
        }
        if (plan.responseBytes() > 0 && reader.bodyLength() != plan.responseBytes()) {
            throw new IOException("a response body of " + reader.bodyLength() + " bytes");
        }
    }
}
