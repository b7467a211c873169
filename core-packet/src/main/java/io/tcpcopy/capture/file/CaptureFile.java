package io.tcpcopy.capture.file;

import io.tcpcopy.capture.CaptureCounters;
import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.capture.pcap.PcapFilter;
import io.tcpcopy.capture.pcap.PcapReader;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.OtherTraffic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.pcap4j.core.NotOpenException;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.PcapNativeException;
import org.pcap4j.core.Pcaps;

/**
 * A file of captured packets in one of the formats that libpcap reads (pcap and pcapng), read packet by packet. One packet
 * is held at a time, whatever the file's size: {@link #next} replaces it. The time of the one behind it is known already,
 * which tells whether its own can be believed.
 */
public final class CaptureFile implements CaptureCounters, AutoCloseable {
    private final Path path;
    private final PcapFilter filter;
    private final PcapReader reader = new PcapReader();
    private final PacketHandler handler = this::hold;
    private PcapHandle handle;
    private long size;
    private CaptureClock clock;
    private boolean begun;
    /** Whether the reader has fetched a record that was not held yet. */
    private boolean recordFetched;
    /** Why none was, if the file is damaged there. */
    private PcapNativeException damage;

    /** The reader's view, which stays on this packet until the next is read; null for a record that is no IPv4 packet. */
    private CapturedPacket packet;

    private CaptureFile(Path path, String filter) throws CaptureException {
        this.path = path;
        this.filter = new PcapFilter(filter);
        this.handle = openHandle();
    }

    /**
     * Opens a file.
     *
     * @param filter in pcap-filter(7) syntax; empty takes everything
     * @throws CaptureException when it is no capture file, or the filter does not fit its packets
     */
    public static CaptureFile open(Path path, String filter) throws CaptureException {
        return new CaptureFile(path, filter);
    }

    /**
     * Checks that a file can be opened, and holds at least one packet, of whatever kind.
     *
     * @throws CaptureException as {@link #open}, and when it holds none
     */
    public static void check(Path path) throws CaptureException {
        try (CaptureFile file = open(path, "")) {
            if (!file.next()) {
                throw unusable("holds no packets");
            }
        } catch (DamagedFileException e) {
            throw unusable("holds no whole packet: " + e.getCause().getMessage());
        }
    }

    private static long checkedSize(Path path) throws CaptureException {
        if (!Files.exists(path)) {
            throw unusable("there is no such file");
        }
        if (!Files.isRegularFile(path)) {
            throw unusable("is no file");
        }
        if (!Files.isReadable(path)) {
            throw unusable("cannot be read: permission denied");
        }
        try {
            long bytes = Files.size(path);
            if (bytes == 0) {
                throw unusable("is empty");
            }
            return bytes;
        } catch (IOException e) {
            throw unusable("cannot be read: " + e.getMessage());
        }
    }

    private PcapHandle openHandle() throws CaptureException {
        size = checkedSize(path);
        clock = new CaptureClock();
        begun = false;
        damage = null;
        PcapHandle opened;
        try {
            opened = Pcaps.openOffline(path.toString(), TimestampPrecision.NANO);
        } catch (PcapNativeException e) {
            throw unusable(ForeignFormat.of(path)
                    .map(ForeignFormat::complaint)
                    .orElse("is no capture file that libpcap can read: " + e.getMessage()));
        }
        boolean complete = false;
        try {
            filter.set(opened);
            reader.attach(opened, Reason.UNUSABLE_FILE, 0);
            complete = true;
            return opened;
        } catch (PcapNativeException | NotOpenException e) {
            throw unusable("cannot be read: " + e.getMessage());
        } finally {
            if (!complete) {
                reader.detach();
                opened.close();
                filter.close();
            }
        }
    }

    private static CaptureException unusable(String message) {
        return new CaptureException(Reason.UNUSABLE_FILE, message);
    }

    /**
     * Reads the next record.
     *
     * @return whether there was one, not so when the file is closed; {@link #hasPacket} says whether it is an IPv4 packet
     * @throws DamagedFileException when the file cannot be read on
     */
    public boolean next() throws DamagedFileException {
        packet = null;
        if (!begun) {
            begun = true;
            fetch();
        }
        if (damage != null) {
            throw new DamagedFileException(
                    name() + " cannot be read beyond its first " + position() + " bytes: " + damage.getMessage(),
                    damage);
        }
        if (!recordFetched) {
            return false;
        }
        long stampNs = reader.arrivalNs();
        reader.deliver(handler);
        fetch();
        long timeNs = clock.timeNs(stampNs, recordFetched ? reader.arrivalNs() : stampNs);
        if (packet != null) {
            packet.arrivalNs(timeNs);
        }
        return true;
    }

    private void fetch() {
        try {
            recordFetched = reader.fetch();
        } catch (PcapNativeException e) {
            recordFetched = false;
            damage = e;
        }
    }

    /**
     * Begins again with the first packet. The counters go on.
     *
     * @throws DamagedFileException when the file is not there any more, or is another one
     */
    public void rewind() throws DamagedFileException {
        closeHandle();
        try {
            handle = openHandle();
        } catch (CaptureException e) {
            throw new DamagedFileException(name() + " cannot be read once more: " + e.getMessage(), e);
        }
    }

    private void hold(CapturedPacket read) {
        packet = read;
    }

    /** Whether the record that {@link #next} has read is an IPv4 packet. */
    public boolean hasPacket() {
        return packet != null;
    }

    /**
     * The packet, with its time as {@link CaptureClock} has it, until {@link #next}; null without {@link #hasPacket}.
     */
    public CapturedPacket packet() {
        return packet;
    }

    /** What the record that {@link #next} has read is; of use only without {@link #hasPacket}. */
    public OtherTraffic other() {
        return reader.other();
    }

    /** Size of the file in bytes, when it was opened. */
    public long size() {
        return size;
    }

    /** How many bytes of the file have been read, up to the end of the record behind the one that is held; 0 when it is closed. */
    public long position() {
        return reader.position();
    }

    @Override
    public String name() {
        return path.toString();
    }

    @Override
    public long notIpv4() {
        return reader.notIpv4();
    }

    @Override
    public long ipv6() {
        return reader.ipv6();
    }

    @Override
    public long kernelDrops() {
        return 0;
    }

    @Override
    public void close() {
        closeHandle();
        filter.close();
    }

    private void closeHandle() {
        recordFetched = false;
        if (handle.isOpen()) {
            reader.detach();
            handle.close();
        }
    }
}
