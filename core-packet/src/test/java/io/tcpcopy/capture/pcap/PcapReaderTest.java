package io.tcpcopy.capture.pcap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.capture.Frames;
import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.packet.CapturedPacket;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.pcap4j.core.PcapHandle;
import org.pcap4j.core.PcapHandle.TimestampPrecision;
import org.pcap4j.core.Pcaps;

/** Packets come out of a capture file, which needs no privilege. */
class PcapReaderTest {
    private final PcapReader reader = new PcapReader();

    @TempDir
    private Path folder;

    @Test
    void handsOverIpv4PacketsInOrderWithTheirTimes() throws Exception {
        List<String> packets = new ArrayList<>();

        deliver(
                packet -> packets.add(id(packet) + " " + packet.length() + " " + packet.arrivalNs()),
                Frames.ipv4(1, 40),
                Frames.arp(),
                Frames.taggedIpv4(2, 60));

        assertThat(packets).containsExactly("1 40 7000000001000", "2 60 7000000003000");
        assertThat(reader.notIpv4()).isOne();
    }

    @Test
    void handsOverThePacketsBehindOneThatTheHandlerFailsOnAndThrowsTheFirstFailure() {
        List<Integer> seen = new ArrayList<>();
        PacketHandler failing = packet -> {
            seen.add(id(packet));
            throw new IllegalStateException("failed on " + seen);
        };

        assertThatThrownBy(() -> deliver(failing, Frames.ipv4(1, 40), Frames.ipv4(2, 40)))
                .hasMessage("failed on [1]");
        assertThat(seen).containsExactly(1, 2);
    }

    @Property(tries = 100)
    void handsOverWhatIsThereAndNothingElseOfAnyFrames(
            @ForAll("linkTypes") int linkType,
            @ForAll @Size(max = 10) List<@Size(max = 60) byte[]> frames,
            @ForAll @IntRange(max = 100_000) int cutOff)
            throws Exception {
        Path file = Files.createTempFile("any", ".pcap");
        long notIpv4Before = reader.notIpv4();
        int[] handedOver = new int[1];
        PacketHandler handler = packet -> {
            int number = (int) (packet.arrivalNs() / 1000 % 1000);
            byte[] seen = new byte[packet.offset() + packet.length()];
            packet.buffer().get(0, seen);
            assertThat(seen).isEqualTo(frames.get(number - 1));
            assertThat(packet.length()).isPositive();
            assertThat(packet.wireLength()).isEqualTo(packet.length() + cutOff);
            handedOver[0]++;
        };
        try {
            write(file, linkType, cutOff, frames.toArray(new byte[0][]));
            deliver(file, handler);
        } finally {
            Files.delete(file);
        }
        assertThat(handedOver[0] + reader.notIpv4() - notIpv4Before).isEqualTo(frames.size());
    }

    @Test
    void readsNothingWithoutItsHandle() throws Exception {
        Path file = folder.resolve("capture.pcap");
        write(file, CaptureFileWriter.ETHERNET, 0, Frames.ipv4(1, 40));
        try (PcapHandle handle = Pcaps.openOffline(file.toString(), TimestampPrecision.NANO)) {
            reader.attach(handle, Reason.UNUSABLE_FILE, handle.getSnapshot());
            reader.detach();
        }

        assertThat(reader.read(packet -> {}, 1)).isZero();
        assertThat(reader.position()).isZero();
    }

    @Test
    void packetsOfWhichEachIsLongerThanTheOneBeforeTakeLittleMemory() throws Exception {
        int most = 3000;
        byte[][] frames = new byte[most][];
        for (int i = 0; i < most; i++) {
            frames[i] = Frames.ipv4(i, 40 + i);
        }
        Path file = folder.resolve("capture.pcap");
        write(file, CaptureFileWriter.ETHERNET, 0, frames);
        long before = directMemoryBytes();

        try (PcapHandle handle = Pcaps.openOffline(file.toString(), TimestampPrecision.NANO)) {
            reader.attach(handle, Reason.UNUSABLE_FILE, 0);
            assertThat(reader.read(packet -> {}, most)).isEqualTo(most);
        }

        assertThat(directMemoryBytes() - before).isLessThan(8 * most);
    }

    private static long directMemoryBytes() {
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
                .filter(pool -> pool.getName().equals("direct"))
                .mapToLong(BufferPoolMXBean::getTotalCapacity)
                .sum();
    }

    /** Numbers that stand in capture files: loopback, Ethernet, raw IP, both kinds of cooked capture. */
    @Provide
    Arbitrary<Integer> linkTypes() {
        return Arbitraries.of(0, CaptureFileWriter.ETHERNET, 101, 113, 276);
    }

    private static int id(CapturedPacket packet) {
        return packet.buffer().getShort(packet.offset() + 4);
    }

    private void deliver(PacketHandler handler, byte[]... frames) throws Exception {
        Path file = folder.resolve("capture.pcap");
        write(file, CaptureFileWriter.ETHERNET, 0, frames);
        deliver(file, handler);
    }

    private void deliver(Path path, PacketHandler handler) throws Exception {
        String file = path.toString();
        try (PcapHandle handle = Pcaps.openOffline(file, TimestampPrecision.NANO)) {
            reader.attach(handle, Reason.UNUSABLE_FILE, handle.getSnapshot());
            reader.read(handler, Integer.MAX_VALUE);
        }
    }

    /**
     * A capture whose packets arrived in second 7000, at microseconds 1, 2, 3 and so on.
     *
     * @param cutOff how many bytes each had on the wire that were not captured
     */
    private static void write(Path file, int linkType, int cutOff, byte[]... frames) throws IOException {
        try (CaptureFileWriter writer = new CaptureFileWriter(file, linkType)) {
            long timeNs = TimeUnit.SECONDS.toNanos(7000);
            for (byte[] frame : frames) {
                timeNs += 1000;
                writer.add(timeNs, frame, frame.length + cutOff);
            }
        }
    }
}
