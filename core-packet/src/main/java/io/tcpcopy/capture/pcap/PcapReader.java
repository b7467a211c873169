package io.tcpcopy.capture.pcap;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Direction;
import io.tcpcopy.packet.LinkLayer;
import io.tcpcopy.packet.OtherTraffic;
import java.nio.ByteOrder;
import java.util.concurrent.TimeUnit;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapNativeException;

/**
 * Reads the packets of a pcap4j handle, finds IPv4 in them and hands them over in a view and a buffer that are used again
 * for the next one. It calls libpcap itself: pcap4j makes a Java object of each packet in a callback, which costs several times
 * what all the rest of capturing does.
 */
public final class PcapReader {
    // Results of pcap_next_ex(3PCAP).
    private static final int ERROR = -1;
    private static final int PACKET = 1;

    // struct pcap_pkthdr of pcap/pcap.h, with a struct timeval of two longs.
    private static final int SECONDS_OFFSET = 0;
    private static final int NANOSECONDS_OFFSET = 8;
    private static final int CAPTURED_LENGTH_OFFSET = 16;
    private static final int WIRE_LENGTH_OFFSET = 20;
    private static final int HEADER_LENGTH = 24;

    /**
     * What a file says may be anything. With this, in the year 2115, all that 32 bits without a sign can say is left as it is,
     * and the nanoseconds between any two times fit into a long.
     */
    private static final long MAX_SECONDS = 4_600_000_000L;

    /** In place of the address of libpcap's handle. */
    private static final long DETACHED = 0;

    private final Direction directionOfAll;
    /** The addresses of the header and of the bytes of the packet that was fetched. */
    private final NativeMemory addresses = NativeMemory.allocate(2 * Long.BYTES, ByteOrder.nativeOrder());

    private final NativeMemory header = NativeMemory.allocate(HEADER_LENGTH, ByteOrder.nativeOrder());
    private final CapturedPacket packet = new CapturedPacket();
    private NativeMemory frame = NativeMemory.allocate(0, ByteOrder.BIG_ENDIAN);
    private long handle = DETACHED;
    private LinkLayer linkLayer;
    private long notIpv4;
    private long ipv6;
    private OtherTraffic other;

    /** A reader without a handle; each packet goes the way that its link layer says, if it says any. */
    public PcapReader() {
        this(Direction.UNKNOWN);
    }

    /**
     * A reader without a handle.
     *
     * @param directionOfAll the way that all packets go, if the handles that are attached give one way alone;
     *     {@link Direction#UNKNOWN} if not
     */
    PcapReader(Direction directionOfAll) {
        this.directionOfAll = directionOfAll;
    }

    /**
     * Sets where packets come from next.
     *
     * @param newHandle an open one that gives times in nanoseconds
     * @param unusable the reason when IPv4 is not looked for in packets of the handle's link type
     * @param snapshotLength most bytes of a packet; room for longer ones is made when they come
     * @throws CaptureException when IPv4 is not looked for in packets of the handle's link type
     */
    public void attach(PcapHandle newHandle, Reason unusable, int snapshotLength) throws CaptureException {
        int linkType = newHandle.getDlt().value();
        linkLayer = LinkLayer.of(linkType)
                .orElseThrow(() -> new CaptureException(
                        unusable,
                        "has link type " + describe(linkType)
                                + ", in which IPv4 is not looked for: capture on a network device, or on \"any\""));
        handle = Libpcap.address(newHandle);
        makeRoom(snapshotLength);
    }

    private static String describe(int linkType) {
        String name = Libpcap.pcap_datalink_val_to_name(linkType);
        return name == null
                ? linkType + ", which libpcap does not know"
                : name + " (" + linkType + ", " + Libpcap.pcap_datalink_val_to_description(linkType) + ")";
    }

    /** To be called before the handle is closed, whose memory libpcap then frees: nothing is read from now on. */
    public void detach() {
        handle = DETACHED;
    }

    /** Packets so far that are not IPv4. */
    public long notIpv4() {
        return notIpv4;
    }

    /** Those of them that are IPv6. */
    public long ipv6() {
        return ipv6;
    }

    /** What the packet was that was not handed over last because it is not IPv4. */
    public OtherTraffic other() {
        return other;
    }

    /** How many bytes have been read of the file that the handle reads; 0 without a handle. */
    public long position() {
        return handle == DETACHED ? 0 : Libpcap.position(handle);
    }

    /**
     * Hands over the packets that are there, none without a handle. What the handler throws is thrown here once all have been handed over; of
     * several exceptions, the first.
     *
     * @param limit most packets to hand over
     * @return how many there were, those that are not IPv4 included
     * @throws PcapNativeException when the device is gone, or a file is damaged
     */
    public int read(PacketHandler handler, int limit) throws PcapNativeException {
        RuntimeException failure = null;
        int count = 0;
        while (count < limit && fetch()) {
            count++;
            try {
                deliver(handler);
            } catch (RuntimeException e) {
                failure = failure == null ? e : failure;
            }
        }
        if (failure != null) {
            throw failure;
        }
        return count;
    }

    /**
     * Reads the next packet without handing it over. The one that was handed over before stays as it is.
     *
     * @return whether there is one
     * @throws PcapNativeException when the device is gone, or a file is damaged
     */
    public boolean fetch() throws PcapNativeException {
        if (handle == DETACHED) {
            return false;
        }
        int result = Libpcap.pcap_next_ex(
                handle, addresses.address(0, Long.BYTES), addresses.address(Long.BYTES, Long.BYTES));
        if (result == ERROR) {
            throw new PcapNativeException(Libpcap.pcap_geterr(handle));
        }
        if (result != PACKET) {
            return false;
        }
        header.copyFrom(addresses.buffer().getLong(0), HEADER_LENGTH);
        return true;
    }

    /** Hands over the packet that was fetched, if it is IPv4. */
    public void deliver(PacketHandler handler) {
        int captured = header.buffer().getInt(CAPTURED_LENGTH_OFFSET);
        makeRoom(captured);
        frame.copyFrom(addresses.buffer().getLong(Long.BYTES), captured);
        int offset = linkLayer.findIpv4(frame.buffer(), 0, captured);
        if (offset == LinkLayer.NOT_IPV4) {
            notIpv4++;
            other = OtherTraffic.ofEtherType(linkLayer.etherType(frame.buffer(), 0, captured));
            ipv6 += other == OtherTraffic.IPV6 ? 1 : 0;
        } else {
            int cut = Math.max(0, header.buffer().getInt(WIRE_LENGTH_OFFSET) - captured);
            int length = captured - offset;
            packet.wrap(frame.buffer(), offset, length, length + cut, arrivalNs())
                    .direction(direction());
            handler.packet(packet);
        }
    }

    private Direction direction() {
        return directionOfAll == Direction.UNKNOWN ? linkLayer.direction(frame.buffer(), 0) : directionOfAll;
    }

    /** When the packet that was fetched was captured, in nanoseconds since 1970; about 146 years before or after at most. */
    public long arrivalNs() {
        long seconds = Math.max(-MAX_SECONDS, Math.min(header.buffer().getLong(SECONDS_OFFSET), MAX_SECONDS));
        return TimeUnit.SECONDS.toNanos(seconds) + header.buffer().getLong(NANOSECONDS_OFFSET);
    }

    /**
     * A file may hold longer packets than its header says. The room is doubled: the memory before is left to a collector that
     * hardly runs, and one packet after the other may be a little longer.
     */
    private void makeRoom(int length) {
        if (frame.size() < length) {
            frame = NativeMemory.allocate(Math.max(length, 2 * frame.size()), ByteOrder.BIG_ENDIAN);
        }
    }
}
