package io.tcpcopy.lab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A UDP service in the manner of DNS: it answers each datagram with what names it (see {@link DatagramRequest}), and
 * records it.
 *
 * <p>Usage: {@code DatagramServer ADDRESS PORT LOG}. It prints a line when it listens and runs until it is ended.
 */
public final class DatagramServer {

    private static final int LONGEST = 65_536;
    /** Requests that wait while the machine is busy must not be lost here. */
    private static final int RECEIVE_BUFFER_BYTES = 8 << 20;

    private DatagramServer() {}

    /** Starts the server. */
    public static void main(String[] args) throws IOException {
        ByteBuffer datagram = ByteBuffer.allocate(LONGEST);
        try (DatagramChannel channel = DatagramChannel.open();
                BufferedWriter log = Files.newBufferedWriter(Path.of(args[2]))) {
            channel.setOption(StandardSocketOptions.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
            channel.bind(new InetSocketAddress(args[0], Integer.parseInt(args[1])));
            System.out.println("listening");
            while (true) {
                InetSocketAddress client = (InetSocketAddress) channel.receive(datagram.clear());
                RequestRecord request = DatagramRequest.record(client, datagram.flip());
                log.write(request.line());
                log.newLine();
                // A test reads the log while the server runs.
                log.flush();
                channel.send(DatagramRequest.answer(request.path()), client);
            }
        }
    }
}
