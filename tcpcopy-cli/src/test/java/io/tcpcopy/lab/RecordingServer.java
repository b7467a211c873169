package io.tcpcopy.lab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * An HTTP/1.1 server that records each request, in the order of arrival on its connection. The query {@code ?BYTES}
 * asks for a response body of that many bytes. A log that is there is
 * gone on with.
 *
 * <p>Usage: {@code RecordingServer ADDRESS PORT LOG}. It prints a line when it listens and runs until it is ended.
 */
public final class RecordingServer {

    private static final int BACKLOG = 4096;
    private static final int READ_BUFFER_BYTES = 256 * 1024;

    private final Selector selector = Selector.open();
    private final ServerSocketChannel listener = ServerSocketChannel.open();
    private final BufferedWriter log;
    private final ByteBuffer readBuffer = ByteBuffer.allocateDirect(READ_BUFFER_BYTES);

    private RecordingServer(InetSocketAddress address, Path log) throws IOException {
        this.log = Files.newBufferedWriter(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        listener.bind(address, BACKLOG);
        listener.configureBlocking(false);
        listener.register(selector, SelectionKey.OP_ACCEPT);
    }

    /** Starts the server. */
    public static void main(String[] args) throws IOException {
        RecordingServer server =
                new RecordingServer(new InetSocketAddress(args[0], Integer.parseInt(args[1])), Path.of(args[2]));
        System.out.println("listening");
        server.serve();
    }

    private void serve() throws IOException {
        while (true) {
            selector.select(this::handle);
            // A test reads the log while the server runs.
            log.flush();
        }
    }

    private void handle(SelectionKey key) {
        if (key.isAcceptable()) {
            accept();
            return;
        }
        try {
            ((Exchange) key.attachment()).advance(key);
        } catch (IOException | IllegalArgumentException e) {
            // The client has gone or does not speak HTTP: its connection ends, the others go on.
            close(key);
        }
    }

    private void accept() {
        try {
            SocketChannel channel;
            while ((channel = listener.accept()) != null) {
                channel.configureBlocking(false);
                channel.register(selector, SelectionKey.OP_READ, new Exchange(channel));
            }
        } catch (IOException e) {
            // A client that gave up before it was accepted is no reason to stop.
            System.err.println("accept: " + e.getMessage());
        }
    }

    private static void close(SelectionKey key) {
        key.cancel();
        try {
            key.channel().close();
        } catch (IOException e) {
            System.err.println("close: " + e.getMessage());
        }
    }

    /** What goes on at one connection: a request is read, recorded and answered, then the next one. */
    private final class Exchange {

        private final SocketChannel channel;
        private final String client;
        private final HttpMessageReader reader = new HttpMessageReader();
        private ByteBuffer response = ByteBuffer.allocate(0);
        private boolean closeWhenAnswered;

        Exchange(SocketChannel channel) throws IOException {
            this.channel = channel;
            InetSocketAddress address = (InetSocketAddress) channel.getRemoteAddress();
            this.client = address.getAddress().getHostAddress() + ':' + address.getPort();
        }

        void advance(SelectionKey key) throws IOException {
            if (key.isReadable()) {
                readBuffer.clear();
                if (channel.read(readBuffer) < 0) {
                    close(key);
                    return;
                }
                readBuffer.flip();
                while (reader.read(readBuffer)) {
                    answer();
                }
            }
            channel.write(response);
            if (response.hasRemaining()) {
                // What the client pipelines meanwhile waits in the kernel.
                key.interestOps(SelectionKey.OP_WRITE);
            } else if (closeWhenAnswered) {
                close(key);
            } else {
                key.interestOps(SelectionKey.OP_READ);
            }
        }

        private void answer() throws IOException {
            String[] requestLine = reader.startLine().split(" ");
            if (requestLine.length != 3) {
                throw new IllegalArgumentException("not a request line: " + reader.startLine());
            }
            String target = requestLine[1];
            String path = RequestRecord.withoutQuery(target);
            log.write(new RequestRecord(client, requestLine[0], path, reader.bodyLength(), reader.bodyDigest()).line());
            log.newLine();

            int bodyLength = path.equals(target) ? 0 : Integer.parseInt(target.substring(path.length() + 1));
            byte[] head = ("HTTP/1.1 200 OK\r\nContent-Length: " + bodyLength + "\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII);
            ByteBuffer next = ByteBuffer.allocate(response.remaining() + head.length + bodyLength);
            next.put(response).put(head);
            // The body is zeros.
            response = next.position(0);
            closeWhenAnswered = reader.lastOfConnection();
        }
    }
}
