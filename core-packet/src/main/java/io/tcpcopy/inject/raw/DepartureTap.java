package io.tcpcopy.inject.raw;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.FilterProgram;
import io.tcpcopy.net.Libc;
import io.tcpcopy.net.MessageArray;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.OpenedTogether;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.LinkLayer;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteOrder;
import java.util.Collection;
import java.util.List;

/**
 * Sees packets as they leave this host, on any device: a packet socket (packet(7)) whose filter takes the SYNs for some
 * addresses, and what has one of the {@link Marks}.
 */
final class DepartureTap implements AutoCloseable {
    /** Packets taken in one call. */
    private static final int PACKETS_PER_CALL = 32;
    /** The longest header of IPv4, and that of TCP without options. */
    private static final int PACKET_BYTES = 80;
    /** Room for what leaves between two looks: a thousand packets, with what the kernel needs for each. */
    private static final int BUFFER_BYTES = 4 << 20;

    private static final int ID_OFFSET = 4;
    private static final int FRAGMENT_OFFSET = 6;
    private static final int FRAGMENT_OFFSET_MASK = 0x1FFF;
    private static final int PROTOCOL_OFFSET = 9;
    private static final int DESTINATION_OFFSET = 16;
    private static final int FLAGS_OFFSET = 13;

    private final int protocol;
    private final Marks marks;
    private final int fd;
    private final LeavingPacket packet;
    private final NativeMemory packets = NativeMemory.allocate(PACKETS_PER_CALL * PACKET_BYTES, ByteOrder.BIG_ENDIAN);
    private final NativeMemory addresses =
            NativeMemory.allocate(PACKETS_PER_CALL * SocketAddress.PACKET_LENGTH, ByteOrder.nativeOrder());
    private final MessageArray messages = new MessageArray(PACKETS_PER_CALL);

    /** Takes a packet that has left. */
    @FunctionalInterface
    interface Viewer {
        /**
         * A packet has left.
         *
         * @param device index of the device
         */
        void left(LeavingPacket packet, int device);
    }

    /**
     * Opens the socket.
     *
     * @param protocol TCP or UDP, by IANA's numbers
     * @throws StartException when it cannot be opened
     */
    DepartureTap(int protocol, Marks marks) throws StartException {
        this.protocol = protocol;
        this.marks = marks;
        packet = new LeavingPacket(protocol);
        for (int i = 0; i < PACKETS_PER_CALL; i++) {
            messages.bytes(i, packets.address(i * PACKET_BYTES, PACKET_BYTES), PACKET_BYTES);
        }
        try (OpenedTogether opened = new OpenedTogether()) {
            // Bound to no protocol yet, it gets nothing before it has its filter.
            fd = opened.add(
                    check(Libc.socket(Libc.AF_PACKET, Libc.SOCK_DGRAM | Libc.SOCK_NONBLOCK | Libc.SOCK_CLOEXEC, 0)),
                    Libc::close);
            check(watch(List.of()));
            if (Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, BUFFER_BYTES) < 0) {
                Libc.setOption(fd, Libc.SOL_SOCKET, Libc.SO_RCVBUF, BUFFER_BYTES);
            }
            check(Libc.bind(fd, SocketAddress.everyPacket(0)));
            opened.keep();
        }
    }

    int fd() {
        return fd;
    }

    /**
     * Says whose SYNs are seen from now on.
     *
     * @param destinations IPv4 addresses
     * @return 0, or the errno with a minus sign
     */
    int watch(Collection<Integer> destinations) {
        return Libc.attachFilter(fd, filter(destinations));
    }

    /** Shows all packets that have left. */
    void read(Viewer viewer) {
        int received;
        do {
            for (int i = 0; i < PACKETS_PER_CALL; i++) {
                messages.name(
                        i,
                        addresses.address(i * SocketAddress.PACKET_LENGTH, SocketAddress.PACKET_LENGTH),
                        SocketAddress.PACKET_LENGTH);
            }
            received = Libc.receiveMessages(fd, messages.address(0, PACKETS_PER_CALL), PACKETS_PER_CALL, 0);
            for (int i = 0; i < received; i++) {
                if (packet.wrap(packets.buffer(), i * PACKET_BYTES, messages.transferred(i))) {
                    viewer.left(packet, device(i));
                }
            }
        } while (received == PACKETS_PER_CALL);
    }

    /** The pending error of the socket, a device that went down for instance, is taken away: it would be reported for ever. */
    void clearError() {
        Libc.getOption(fd, Libc.SOL_SOCKET, Libc.SO_ERROR);
    }

    @Override
    public void close() {
        Libc.close(fd);
    }

    private int device(int index) {
        return addresses.buffer().getInt(index * SocketAddress.PACKET_LENGTH + SocketAddress.PACKET_INTERFACE_OFFSET);
    }

    private static int check(int result) throws StartException {
        if (result == -Errno.EPERM || result == -Errno.EACCES) {
            throw new StartException(
                    Code.PRIVILEGE, "no permission to watch what leaves: " + StartException.NET_RAW_NEEDED);
        }
        if (result < 0) {
            throw new StartException("cannot watch what leaves this host: " + Errno.message(-result));
        }
        return result;
    }

    /** For packets that begin with their IPv4 header. */
    private byte[] filter(Collection<Integer> destinations) {
        FilterProgram program = new FilterProgram()
                .loadPacketType()
                .require(FilterProgram.OUTGOING)
                .loadEtherType()
                .require(LinkLayer.TYPE_IPV4)
                .loadByte(PROTOCOL_OFFSET)
                .require(protocol)
                .loadHalf(FRAGMENT_OFFSET)
                .and(FRAGMENT_OFFSET_MASK)
                .require(0)
                .loadHalf(ID_OFFSET)
                .and(marks.mask())
                .jumpIfEqual(marks.first(), 0, 1)
                .take(PACKET_BYTES);
        if (protocol == Ipv4Header.PROTOCOL_TCP) {
            program.loadWord(DESTINATION_OFFSET);
            int others = destinations.size();
            for (int address : destinations) {
                program.jumpIfEqual(address, others--, 0);
            }
            program.drop()
                    .loadByteBehindIpv4(FLAGS_OFFSET)
                    .and(TcpHeader.SYN | TcpHeader.ACK)
                    .require(TcpHeader.SYN)
                    .take(PACKET_BYTES);
        }
        return program.drop().instructions();
    }
}
