package io.tcpcopy.lab;

import java.io.BufferedWriter;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Clients of a {@link DatagramServer}. Each has an address and a port of its own and sends one request of each length,
 * round after round. The next request is sent when the one before is answered, so that no queue overflows, and none is
 * sent twice. Another answer, or an ICMP error, ends the program with an exception.
 *
 * <p>Usage: {@code DatagramLoad ADDRESS:PORT PREFIX.FIRST-LAST RUN LOG ROUNDS LENGTH...}
 */
public final class DatagramLoad implements AutoCloseable {

    private static final int TIME_TO_ANSWER_MS = 10_000;
    private static final int LONGEST_ANSWER = 512;

    private final List<DatagramSocket> clients = new ArrayList<>();
    private final String run;
    private final BufferedWriter log;

    private DatagramLoad(InetSocketAddress server, List<InetAddress> addresses, String run, Path log)
            throws IOException {
        this.run = run;
        this.log = Files.newBufferedWriter(log);
        for (InetAddress address : addresses) {
            DatagramSocket client = new DatagramSocket(0, address);
            client.setSoTimeout(TIME_TO_ANSWER_MS);
            client.connect(server);
            clients.add(client);
        }
    }

    /** Makes the load. */
    public static void main(String[] args) throws IOException {
        List<String> lengths = List.of(args).subList(5, args.length);
        int requests = Integer.parseInt(args[4]) * lengths.size();
        try (DatagramLoad load =
                new DatagramLoad(LoadPlan.address(args[0]), LoadPlan.addresses(args[1]), args[2], Path.of(args[3]))) {
            for (int number = 0; number < requests; number++) {
                load.request(number, Integer.parseInt(lengths.get(number % lengths.size())));
            }
        }
    }

    /** Each client makes a request, one after the other. */
    private void request(int number, int length) throws IOException {
        for (int i = 0; i < clients.size(); i++) {
            DatagramSocket client = clients.get(i);
            String path = "/r/" + run + "/" + i + "/" + number;
            byte[] request = DatagramRequest.of(path, length);
            InetSocketAddress address = (InetSocketAddress) client.getLocalSocketAddress();
            log.write(DatagramRequest.record(address, ByteBuffer.wrap(request)).line());
            log.newLine();
            client.send(new DatagramPacket(request, request.length));
            DatagramPacket answer = new DatagramPacket(new byte[LONGEST_ANSWER], LONGEST_ANSWER);
            client.receive(answer);
            String answered = new String(answer.getData(), 0, answer.getLength(), StandardCharsets.US_ASCII);
            if (!answered.equals(path)) {
                throw new IOException("asked for " + path + ", and was answered " + answered);
            }
        }
    }

    @Override
    public void close() throws IOException {
        clients.forEach(DatagramSocket::close);
        log.close();
    }
}
