package io.tcpcopy.lab;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.zip.CRC32C;

/**
 * The client's packets of one connection as a capture has them, one for each call, in whatever order and numbers are wanted.
 * Requests are those of {@link Load}.
 */
public final class CapturedConnection {
    /** Where the packets go. */
    @FunctionalInterface
    public interface PacketTaker {
        /** Takes an IPv4 packet that was captured at a time, in nanoseconds. */
        void add(long timeNs, byte[] packet) throws IOException;
    }

    private static final int HEADERS_LENGTH = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH;
    /** What each response of the online server has. */
    private static final int RESPONSE_BYTES = 1000;

    private final PacketTaker taker;
    private final String name;
    private final int client;
    private final int port;
    private final int server;
    private final int serverPort;
    private final List<RequestRecord> requests = new ArrayList<>();
    private final List<byte[]> packets = new ArrayList<>();
    private int next;
    private int acknowledged = 1;
    private int id = 1;

    /**
     * A connection of which no packet was captured yet.
     *
     * @param name marks its requests: their paths are {@code /r/captured/NAME/NUMBER}
     * @param initialNumber the number of its SYN
     */
    public CapturedConnection(
            PacketTaker taker, String name, int client, int port, int server, int serverPort, int initialNumber) {
        this.taker = taker;
        this.name = name;
        this.client = client;
        this.port = port;
        this.server = server;
        this.serverPort = serverPort;
        this.next = initialNumber;
    }

    /** The packets that were written so far; it grows with them. */
    public List<byte[]> record() {
        return packets;
    }

    /** SYN and the third step of the handshake, 20 ms later. */
    public CapturedConnection open(int ms) throws IOException {
        write(ms, TcpHeader.SYN, next, new byte[0]);
        next++;
        return acknowledge(ms + 20);
    }

    /** An ACK without payload. */
    public CapturedConnection acknowledge(int ms) throws IOException {
        write(ms, TcpHeader.ACK, next, new byte[0]);
        return this;
    }

    /** The bytes of the next request, which is to arrive; none is captured yet. */
    public byte[] request(int bodyBytes) {
        String path = "/r/captured/" + name + "/" + requests.size();
        byte[] body = new byte[bodyBytes];
        new SplittableRandom(path.hashCode()).nextBytes(body);
        CRC32C digest = new CRC32C();
        digest.update(body);
        requests.add(new RequestRecord(
                "captured", bodyBytes == 0 ? "GET" : "POST", path, bodyBytes, RequestRecord.digest(digest)));
        byte[] head = (requests.get(requests.size() - 1).method() + " " + path
                        + " HTTP/1.1\r\nHost: test\r\nContent-Length: " + bodyBytes + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII);
        return ByteBuffer.allocate(head.length + bodyBytes).put(head).put(body).array();
    }

    /** Payload at its place: in one packet, behind what was sent before. */
    public CapturedConnection send(int ms, byte[] payload) throws IOException {
        sendAgain(ms, payload, payload.length);
        next += payload.length;
        return this;
    }

    /** The same number once more, or for the first time while {@link #send} will follow: of the payload the first bytes. */
    public CapturedConnection sendAgain(int ms, byte[] payload, int bytes) throws IOException {
        byte[] part = new byte[bytes];
        System.arraycopy(payload, 0, part, 0, bytes);
        write(ms, TcpHeader.ACK | TcpHeader.PSH, next, part);
        return this;
    }

    /** Payload so many bytes ahead of its turn: before {@link #skip} and the bytes before it. */
    public CapturedConnection sendAhead(int ms, int bytesAhead, byte[] payload) throws IOException {
        write(ms, TcpHeader.ACK | TcpHeader.PSH, next + bytesAhead, payload);
        return this;
    }

    /** What is sent next stands so many bytes further on. */
    public CapturedConnection skip(int bytes) {
        next += bytes;
        return this;
    }

    /** From now on the client has seen one response more. */
    public CapturedConnection answered() {
        acknowledged += RESPONSE_BYTES;
        return this;
    }

    /** A FIN. */
    public CapturedConnection close(int ms) throws IOException {
        write(ms, TcpHeader.ACK | TcpHeader.FIN, next, new byte[0]);
        return this;
    }

    /** An RST. */
    public CapturedConnection reset(int ms) throws IOException {
        write(ms, TcpHeader.RST, next, new byte[0]);
        return this;
    }

    /** The requests that were made, in their order. */
    public List<RequestRecord> requests() {
        return requests;
    }

    private void write(int ms, int flags, int seq, byte[] payload) throws IOException {
        int length = HEADERS_LENGTH + payload.length;
        ByteBuffer packet = ByteBuffer.allocate(length).put(HEADERS_LENGTH, payload);
        new Ipv4Header()
                .wrap(packet, 0)
                .headerLength(Ipv4Header.MIN_LENGTH)
                .totalLength(length)
                .id(id++)
                .dontFragment(true)
                .ttl(64)
                .protocol(Ipv4Header.PROTOCOL_TCP)
                .source(client)
                .destination(server);
        new TcpHeader()
                .wrap(packet, Ipv4Header.MIN_LENGTH)
                .sourcePort(port)
                .destinationPort(serverPort)
                .seq(seq)
                .ack((flags & TcpHeader.ACK) == 0 ? 0 : acknowledged)
                .headerLength(TcpHeader.MIN_LENGTH)
                .flags(flags)
                .window(65535);
        packets.add(packet.array());
        taker.add(TimeUnit.MILLISECONDS.toNanos(ms), packet.array());
    }
}
