package io.tcpcopy.doctor;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureFilters;
import io.tcpcopy.flow.Address;
import io.tcpcopy.net.FilterTrial;
import io.tcpcopy.net.PacketFilter;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.LinkLayer;
import io.tcpcopy.packet.TcpHeader;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/** Tries whether a capture filter takes packets, which are made for that and go nowhere. Used by one thread. */
public final class FilterProbe {
    /** What is in front of the IP header, or how long a packet is: those that are made here say nothing about that. */
    private static final Pattern UNKNOWN_HERE =
            Pattern.compile("\\b(ether|link|vlan|mpls|pppoed|pppoes|ifindex|len|less|greater)\\b");

    /** Linux cooked capture: the packet's direction, 0 for one that comes in, and the EtherType at the end. */
    private static final int SLL_LENGTH = 16;

    private static final int SLL_PROTOCOL_OFFSET = 14;

    private static final byte VERSION_AND_LENGTH = 0x45;
    private static final int LENGTH_OFFSET = 2;
    private static final int TTL_OFFSET = 8;
    private static final byte TTL = 64;
    private static final int PROTOCOL_OFFSET = 9;
    private static final int SOURCE_OFFSET = 12;
    private static final int DESTINATION_OFFSET = 16;
    private static final int TCP_LENGTH_OFFSET = 12;
    private static final byte TCP_LENGTH = (byte) 0x50;
    private static final int TCP_FLAGS_OFFSET = 13;
    private static final int TCP_WINDOW_OFFSET = 14;
    private static final short WINDOW = 29_200;
    private static final int UDP_LENGTH_OFFSET = 4;

    private static final int HIGHEST_PORT = 0xFFFF;
    /** Every further one has all ports tried once more, for each address of the other end. */
    private static final int MOST_ADDRESSES = 8;
    /** Ports as Linux gives them to clients; some filters take one of many. */
    private static final int FIRST_CLIENT_PORT = 32_768;

    private static final int CLIENT_PORTS = 1024;
    /** Those below are for servers (ip_unprivileged_port_start of the kernel). */
    private static final int LOWEST_CLIENT_PORT = 1024;

    private final FilterTrial trial;
    /** Where the IP header begins. */
    private final int offset;

    private FilterProbe(FilterTrial trial, int offset) {
        this.trial = trial;
        this.offset = offset;
    }

    /** What is tried. */
    public enum Sample {
        /** The first packet of a connection. */
        SYN(Ipv4Header.PROTOCOL_TCP, TcpHeader.SYN, 0),
        /** The answer to it. */
        SYN_ACK(Ipv4Header.PROTOCOL_TCP, TcpHeader.SYN | TcpHeader.ACK, 0),
        /** A request, or a response. */
        PAYLOAD(Ipv4Header.PROTOCOL_TCP, TcpHeader.PSH | TcpHeader.ACK, 1000),
        /** One of UDP. */
        DATAGRAM(Ipv4Header.PROTOCOL_UDP, 0, 100);

        private final int protocol;
        private final int flags;
        private final int payload;

        Sample(int protocol, int flags, int payload) {
            this.protocol = protocol;
            this.flags = flags;
            this.payload = payload;
        }
    }

    /**
     * For a filter.
     *
     * @param filter in pcap-filter(7) syntax, understood by libpcap
     * @return empty where packets that are made say nothing about it, since it asks for what is in front of the IP header
     */
    public static Optional<FilterProbe> of(String filter) {
        if (UNKNOWN_HERE.matcher(filter).find()) {
            return Optional.empty();
        }
        try {
            if (CaptureFilters.isForIp(filter)) {
                byte[] compiled = CaptureFilters.compileForIp(filter, FilterTrial.LONGEST_PACKET);
                return Optional.of(new FilterProbe(new FilterTrial(compiled), 0));
            }
            byte[] compiled = PacketFilter.compile(filter, PacketFilter.LINUX_SLL, FilterTrial.LONGEST_PACKET);
            return Optional.of(new FilterProbe(new FilterTrial(compiled), SLL_LENGTH));
        } catch (CaptureException | PacketFilter.NotUnderstoodException e) {
            return Optional.empty();
        }
    }

    /** An address, and those that the filter may name. */
    public List<Address> addressesBeside(Address stranger) {
        List<Address> addresses = new ArrayList<>(List.of(stranger));
        trial.comparedNumbers()
                .filter(number -> number >>> Short.SIZE != 0)
                .limit(MOST_ADDRESSES)
                .mapToObj(Address::ipv4)
                .forEach(addresses::add);
        return addresses;
    }

    /** Whether the filter compares something with a number, a port for instance. */
    public boolean names(int number) {
        return trial.comparedNumbers().anyMatch(compared -> compared == number);
    }

    /** Every port. */
    public static int[] allPorts() {
        return IntStream.rangeClosed(1, HIGHEST_PORT).toArray();
    }

    /**
     * Ports that clients may have: many, and those that the filter may name, with their neighbours.
     *
     * @param serverPort whose port clients have not: a filter for it is one for responses
     */
    public int[] clientPorts(int serverPort) {
        IntStream named = trial.comparedNumbers()
                .flatMap(number -> IntStream.rangeClosed(number - 1, number + 1))
                .filter(number -> LOWEST_CLIENT_PORT <= number && number <= HIGHEST_PORT && number != serverPort);
        return IntStream.concat(IntStream.range(FIRST_CLIENT_PORT, FIRST_CLIENT_PORT + CLIENT_PORTS), named)
                .toArray();
    }

    /**
     * Tries packets from some ports of some addresses.
     *
     * @param destinations addresses that they go to
     * @return the first source port of which one is taken
     */
    public OptionalInt firstTaken(
            Sample sample, List<Address> sources, int[] ports, List<Address> destinations, int destinationPort) {
        int length = write(sample, destinationPort);
        ByteBuffer packet = trial.packet();
        for (Address source : sources) {
            packet.putInt(offset + SOURCE_OFFSET, source.bits());
            for (Address destination : destinations) {
                packet.putInt(offset + DESTINATION_OFFSET, destination.bits());
                for (int port : ports) {
                    packet.putShort(offset + Ipv4Header.MIN_LENGTH, (short) port);
                    if (trial.takes(length)) {
                        return OptionalInt.of(port);
                    }
                }
            }
        }
        return OptionalInt.empty();
    }

    /** Writes all but addresses and the source port, and returns the length. */
    private int write(Sample sample, int destinationPort) {
        ByteBuffer packet = trial.packet();
        for (int i = 0; i < packet.capacity(); i++) {
            packet.put(i, (byte) 0);
        }
        if (offset > 0) {
            packet.putShort(SLL_PROTOCOL_OFFSET, (short) LinkLayer.TYPE_IPV4);
        }
        int transport = offset + Ipv4Header.MIN_LENGTH;
        int ipLength = Ipv4Header.MIN_LENGTH + TcpHeader.MIN_LENGTH + sample.payload;
        packet.put(offset, VERSION_AND_LENGTH)
                .putShort(offset + LENGTH_OFFSET, (short) ipLength)
                .put(offset + TTL_OFFSET, TTL)
                .put(offset + PROTOCOL_OFFSET, (byte) sample.protocol)
                .putShort(transport + Short.BYTES, (short) destinationPort);
        if (sample == Sample.DATAGRAM) {
            packet.putShort(transport + UDP_LENGTH_OFFSET, (short) (ipLength - Ipv4Header.MIN_LENGTH));
        } else {
            packet.put(transport + TCP_LENGTH_OFFSET, TCP_LENGTH)
                    .put(transport + TCP_FLAGS_OFFSET, (byte) sample.flags)
                    .putShort(transport + TCP_WINDOW_OFFSET, WINDOW);
        }
        return offset + ipLength;
    }
}
