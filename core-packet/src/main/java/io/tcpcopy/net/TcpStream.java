package io.tcpcopy.net;

import io.tcpcopy.flow.Endpoint;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A TCP socket of the kernel. */
final class TcpStream implements ByteStream {
    /** Option of tcp(7), its number and {@code struct tcp_info} as in {@code linux/tcp.h}: as much of it as is read. */
    private static final int IPPROTO_TCP = 6;

    private static final int TCP_INFO = 11;
    private static final int INFO_LENGTH = 60;
    private static final int RETRANSMITS_OFFSET = 2;
    private static final int PROBES_OFFSET = 3;
    private static final int LAST_ACK_RECEIVED_OFFSET = 56;

    private static final Endpoint NOWHERE = Endpoint.ipv4(0, 0);

    private final int fd;
    private final Endpoint peer;

    /** Takes over a descriptor, or an errno with a minus sign. */
    TcpStream(int fd, Endpoint peer) {
        this.fd = fd;
        this.peer = peer;
    }

    /** One that could not be accepted, for an errno with a minus sign. */
    static TcpStream failed(int errno) {
        return new TcpStream(errno, NOWHERE);
    }

    @Override
    public int fd() {
        return fd;
    }

    @Override
    public Endpoint local() {
        return Libc.local(fd);
    }

    @Override
    public Endpoint peer() {
        return peer;
    }

    @Override
    public int connectError() {
        return Math.abs(Libc.getOption(fd, Libc.SOL_SOCKET, Libc.SO_ERROR));
    }

    @Override
    public int silentMs() {
        byte[] info = new byte[INFO_LENGTH];
        if (Libc.getOption(fd, IPPROTO_TCP, TCP_INFO, info) < 0
                || info[RETRANSMITS_OFFSET] + info[PROBES_OFFSET] == 0) {
            return 0;
        }
        return ByteBuffer.wrap(info).order(ByteOrder.nativeOrder()).getInt(LAST_ACK_RECEIVED_OFFSET);
    }

    @Override
    public int send(NativeMemory memory, int offset, int length) {
        return Libc.send(fd, memory.address(offset, length), length, Libc.MSG_NOSIGNAL);
    }

    @Override
    public int receive(NativeMemory memory) {
        return Libc.receive(fd, memory.address(0, memory.size()), memory.size(), 0);
    }

    @Override
    public void close() {
        if (fd >= 0) {
            Libc.close(fd);
        }
    }
}
