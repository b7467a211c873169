package io.tcpcopy.capture.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.CaptureException.Reason;
import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.capture.Frames;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.Direction;
import io.tcpcopy.packet.OtherTraffic;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.assertj.core.api.InstanceOfAssertFactories;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CaptureFileTest {
    private static final int MICROSECONDS = 6;
    private static final long NOW_SECONDS = 1_700_000_000L;
    private static final byte[] IPV4 = Arrays.copyOfRange(Frames.ipv4(7, 40), 14, 54);

    @TempDir
    private Path folder;

    private Path write(byte[]... frames) throws IOException {
        return write(CaptureFileWriter.ETHERNET, frames);
    }

    @Test
    void givesNothingOnceItIsClosed() throws Exception {
        CaptureFile file = CaptureFile.open(write(Frames.tcp(1, 100), Frames.tcp(2, 100), Frames.tcp(3, 100)), "");
        file.next();

        file.close();

        assertThat(file.next()).isFalse();
    }

    private Path write(int linkType, byte[]... packets) throws IOException {
        Path path = folder.resolve("some.pcap");
        try (CaptureFileWriter writer = new CaptureFileWriter(path, linkType)) {
            for (int i = 0; i < packets.length; i++) {
                writer.add(1_700_000_000_123_456_789L + i, packets[i]);
            }
        }
        return path;
    }

    /** Ids of the packets, and 0 for what is not IPv4. */
    private static List<Integer> ids(CaptureFile file) throws DamagedFileException {
        List<Integer> ids = new ArrayList<>();
        while (file.next()) {
            ids.add(file.hasPacket() ? id(file.packet()) : 0);
        }
        return ids;
    }

    private static int id(CapturedPacket packet) {
        return packet.buffer().getShort(packet.offset() + 4);
    }

    @Test
    void packetsAreReadOneByOneWithTheirTimes() throws Exception {
        try (CaptureFile file = CaptureFile.open(write(Frames.ipv4(1, 60), Frames.arp(), Frames.ipv4(2, 40)), "")) {
            assertThat(file.next()).isTrue();
            assertThat(file.hasPacket()).isTrue();
            assertThat(file.packet().length()).isEqualTo(60);
            assertThat(file.packet().wireLength()).isEqualTo(60);
            assertThat(file.packet().arrivalNs()).isEqualTo(1_700_000_000_123_456_789L);
            assertThat(file.position()).as("one record ahead").isEqualTo(24 + 16 + 14 + 60 + 16 + Frames.arp().length);

            assertThat(ids(file)).containsExactly(0, 2);
            assertThat(file.hasPacket()).isFalse();
            assertThat(file.notIpv4()).isOne();
            assertThat(file.position()).isEqualTo(file.size());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "1, ffffffffffff 020000000009 0800",
        "1, ffffffffffff 020000000009 8100 0005 0800",
        "0, 02000000",
        "108, 00000002",
        "101, ''",
        "228, ''",
        "104, 0f00 0800",
        "113, 0000 0001 0006 0200000000090000 0800",
        "276, 0800 0000 00000002 0001 00 06 0200000000090000",
    })
    void ipv4IsFoundInFilesOfEveryLinkType(int linkType, String header) throws Exception {
        try (CaptureFile file = CaptureFile.open(write(linkType, framed(header)), "")) {
            assertThat(ids(file)).containsExactly(7);
        }
    }

    private static byte[] framed(String header) {
        byte[] link = HexFormat.of().parseHex(header.replace(" ", ""));
        return ByteBuffer.allocate(link.length + IPV4.length)
                .put(link)
                .put(IPV4)
                .array();
    }

    @ParameterizedTest
    @CsvSource({
        "113, 0004 0001 0006 0200000000090000 0800, OUTBOUND",
        "113, 0000 0001 0006 0200000000090000 0800, INBOUND",
        "276, 0800 0000 00000002 0001 04 06 0200000000090000, OUTBOUND",
        "276, 0800 0000 00000002 0001 00 06 0200000000090000, INBOUND",
        "1, ffffffffffff 020000000009 0800, UNKNOWN",
    })
    void aCookedCaptureSaysWhichWayAPacketWent(int linkType, String header, Direction expected) throws Exception {
        try (CaptureFile file = CaptureFile.open(write(linkType, framed(header)), "")) {
            assertThat(file.next()).isTrue();
            assertThat(file.packet().direction()).isEqualTo(expected);
            assertThat(file.packet().checksum()).isEqualTo(ChecksumState.UNKNOWN);
            assertThat(file.packet().segmentSize()).isEqualTo(CapturedPacket.SEGMENT_SIZE_UNKNOWN);
        }
    }

    @Test
    void pcapngIsReadAsWell() throws Exception {
        assertThat(times(pcapng(MICROSECONDS, 0, 1_000_001))).containsExactly(1_000_001_000L);
    }

    /**
     * A capture of raw IP packets in pcapng (draft-ietf-opsawg-pcapng).
     *
     * @param resolution the option if_tsresol: the negative power of 10 of a unit, or of 2 with the highest bit set
     * @param offsetSeconds the option if_tsoffset
     * @param stamps one for each packet, in such units
     */
    private Path pcapng(int resolution, long offsetSeconds, long... stamps) throws IOException {
        ByteBuffer blocks = ByteBuffer.allocate(1000).order(ByteOrder.LITTLE_ENDIAN);
        // Section header, interface description (raw IP) with its two options, enhanced packets.
        blocks.putInt(0x0A0D0D0A)
                .putInt(28)
                .putInt(0x1A2B3C4D)
                .putInt(1)
                .putLong(-1)
                .putInt(28);
        blocks.putInt(1).putInt(44).putShort((short) 101).putShort((short) 0).putInt(0);
        blocks.putShort((short) 9).putShort((short) 1).putInt(resolution);
        blocks.putShort((short) 14).putShort((short) 8).putLong(offsetSeconds).putInt(0);
        blocks.putInt(44);
        int length = 32 + IPV4.length;
        for (long stamp : stamps) {
            blocks.putInt(6)
                    .putInt(length)
                    .putInt(0)
                    .putInt((int) (stamp >>> Integer.SIZE))
                    .putInt((int) stamp);
            blocks.putInt(IPV4.length).putInt(IPV4.length).put(IPV4).putInt(length);
        }
        Path path = folder.resolve("some.pcapng");
        return Files.write(path, Arrays.copyOf(blocks.array(), blocks.position()));
    }

    private static List<Long> times(Path path) throws Exception {
        List<Long> times = new ArrayList<>();
        try (CaptureFile file = CaptureFile.open(path, "")) {
            while (file.next()) {
                times.add(file.packet().arrivalNs());
            }
        }
        return times;
    }

    private static List<Long> gaps(Path path) throws Exception {
        List<Long> times = times(path);
        return IntStream.range(1, times.size())
                .mapToObj(i -> times.get(i) - times.get(i - 1))
                .toList();
    }

    @Test
    void timesAreTakenInWhateverUnitAndFromWhateverYear() throws Exception {
        long second = TimeUnit.SECONDS.toNanos(1);
        assertThat(gaps(pcapng(9, 0, 5, 8))).as("nanoseconds").containsExactly(3L);
        assertThat(gaps(pcapng(0, 0, 5, 8))).as("seconds").containsExactly(3 * second);
        assertThat(gaps(pcapng(0x80 | 1, 0, 5, 8))).as("halves of seconds").containsExactly(3 * second / 2);
        assertThat(gaps(pcapng(19, 0, 0, -1))).as("the finest there is").containsExactly(1_844_674_407L);
        assertThat(gaps(pcapng(0x80 | 30, 0, 0, 1 << 29))).containsExactly(second / 2);
        assertThat(gaps(pcapng(0, -NOW_SECONDS, 5, 8))).as("before 1970").containsExactly(3 * second);
        assertThat(gaps(pcapng(0, 0, 1L << 62, (1L << 62) + 3, -1, 0, 4)))
                .as("far beyond what nanoseconds can say")
                .containsExactly(0L, 0L, second, 4 * second);
        assertThat(gaps(pcapng(0, Long.MIN_VALUE, 0, 7))).as("far before it").containsExactly(0L);
    }

    @Test
    void timesOfNoRealUnitAreRefusedInASentence() throws Exception {
        assertUnusable(
                pcapng(0x80 | 127, 0, 5, 8),
                "is no capture file that libpcap can read: Interface Description Block if_tsresol option resolution"
                        + " 2^-127 is too high");
        assertUnusable(pcapng(100, 0, 5, 8), "if_tsresol option resolution 10^-100 is too high");
    }

    @ParameterizedTest
    @CsvSource({
        "0x00000000, 0, 0x00000003, 0, 3000000",
        "0xfffffffe, 0, 0xffffffff, 0, 1000000",
        "0x7ffffffe, 0, 0x7fffffff, 0, 1000000",
        // libpcap takes seconds for signed: in 2038 the clock seems to be set back.
        "0x7fffffff, 0, 0x80000000, 0, 0",
        "0x00000005, 1500000, 0x00000005, 2500000, 1000000",
        "0x00000005, 999999, 0x00000006, 0, 1",
    })
    void aPcapFileMayHoldAnyTime(long second, int microseconds, long nextSecond, int nextMicroseconds, long gapUs)
            throws Exception {
        ByteBuffer file = ByteBuffer.allocate(200).order(ByteOrder.LITTLE_ENDIAN);
        file.putInt(0xA1B2C3D4).putShort((short) 2).putShort((short) 4).putLong(0);
        file.putInt(65535).putInt(CaptureFileWriter.RAW_IP);
        for (long[] stamp : new long[][] {{second, microseconds}, {nextSecond, nextMicroseconds}}) {
            file.putInt((int) stamp[0]).putInt((int) stamp[1]);
            file.putInt(IPV4.length).putInt(IPV4.length).put(IPV4);
        }
        Path path = folder.resolve("some.pcap");
        Files.write(path, Arrays.copyOf(file.array(), file.position()));

        assertThat(gaps(path)).containsExactly(TimeUnit.MICROSECONDS.toNanos(gapUs));
    }

    @Test
    void aPacketThatIsHeldIsNotTouchedByTheOneBehindWhoseTimeIsKnown() throws Exception {
        try (CaptureFile file = CaptureFile.open(write(Frames.ipv4(1, 60), Frames.ipv4(2, 40)), "")) {
            file.next();
            assertThat(id(file.packet())).isEqualTo(1);
            assertThat(file.packet().length()).isEqualTo(60);
        }
    }

    @Test
    void aFilterLeavesPacketsOut() throws Exception {
        Path path = write(Frames.ipv4(1, 40), Frames.ipv4(2, 60), Frames.ipv4(3, 40));

        try (CaptureFile file = CaptureFile.open(path, "greater 70")) {
            assertThat(ids(file)).containsExactly(2);
        }
        assertRefused(() -> CaptureFile.open(path, "tcp and and"), Reason.INVALID_FILTER, "syntax error");
    }

    @Test
    void aFileThatEndsInTheMiddleOfARecordIsReadUpToThere() throws Exception {
        Path path = write(Frames.ipv4(1, 40), Frames.ipv4(2, 40));
        byte[] bytes = Files.readAllBytes(path);
        Files.write(path, Arrays.copyOf(bytes, bytes.length - 1));

        assertThatCode(() -> CaptureFile.check(path)).doesNotThrowAnyException();
        try (CaptureFile file = CaptureFile.open(path, "")) {
            assertThat(file.next()).isTrue();
            assertThatThrownBy(file::next)
                    .isInstanceOf(DamagedFileException.class)
                    .hasMessageStartingWith(path + " cannot be read beyond its first ")
                    .hasMessageContaining("truncated dump file");
            assertThat(file.hasPacket()).isFalse();
        }
    }

    @Test
    void whatIsNoCaptureFileIsRefusedInASentence() throws Exception {
        Path foreign = Files.writeString(folder.resolve("foreign"), "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n");
        Path empty = Files.createFile(folder.resolve("empty"));
        Path cut = Files.write(folder.resolve("cut"), Arrays.copyOf(Files.readAllBytes(write(Frames.arp())), 30));

        Path random = Files.write(folder.resolve("random"), new byte[] {7, 7, 7, 7, 7, 7, 7, 7});
        assertUnusable(foreign, "is text, no capture (tcpdump writes one with -w)");
        assertUnusable(random, "is no capture file that libpcap can read: unknown file format");
        assertUnusable(empty, "is empty");
        assertUnusable(folder.resolve("missing"), "there is no such file");
        assertUnusable(folder, "is no file");
        assertUnusable(cut, "holds no whole packet: truncated dump file");
        assertUnusable(write(), "holds no packets");
    }

    @ParameterizedTest
    @CsvSource({
        "105, 'has link type IEEE802_11 (105, 802.11)'",
        "239, 'has link type NFLOG (239, Linux netfilter log messages)'",
        "5000, 'has link type 5000, which libpcap does not know'",
    })
    void aLinkTypeThatIsNotReadIsNamed(int linkType, String named) throws Exception {
        assertUnusable(
                write(linkType, Frames.arp()),
                named + ", in which IPv4 is not looked for: capture on a network device, or on \"any\"");
    }

    @ParameterizedTest
    @CsvSource({
        "1f8b0800, 'is compressed with gzip: unpack it first, with zcat'",
        "28b52ffd, 'is compressed with zstd: unpack it first, with zstd -dc'",
        "fd377a585a00, 'is compressed with xz: unpack it first, with xz -dc'",
        "425a6839, 'is compressed with bzip2: unpack it first, with bzip2 -dc'",
        "04224d18, 'is compressed with lz4: unpack it first, with lz4 -dc'",
        "504b0304, 'is a zip archive: unpack it first'",
        "736e6f6f7000000000000002, 'is a capture of snoop: save it as pcap or pcapng'",
        "474d425500000000, 'is a capture of Microsoft Network Monitor: save it as pcap or pcapng'",
        "6970747261636520322e3000, 'is a capture of iptrace: save it as pcap or pcapng'",
        "0600000064000000, 'begins in the middle of a pcapng file: what stands before is missing'",
        "0000000600000064, 'begins in the middle of a pcapng file: what stands before is missing'",
    })
    void whatIsTakenForACaptureIsNamed(String beginning, String message) throws Exception {
        byte[] bytes = Arrays.copyOf(HexFormat.of().parseHex(beginning), 100);

        assertUnusable(Files.write(folder.resolve("foreign"), bytes), message);
    }

    @Test
    void whatIsNoIpv4IsTold() throws Exception {
        byte[] ipv6 = framed("ffffffffffff 020000000009 86dd");
        try (CaptureFile file = CaptureFile.open(write(Frames.arp(), ipv6, Frames.ipv4(1, 40)), "")) {
            file.next();
            assertThat(file.other()).isEqualTo(OtherTraffic.ARP);
            file.next();
            assertThat(file.other()).isEqualTo(OtherTraffic.IPV6);
            assertThat(file.ipv6()).isOne();
            assertThat(file.notIpv4()).isEqualTo(2);
        }
    }

    @Property(tries = 300)
    void aFileThatWasTamperedWithIsReadOrRefused(
            @ForAll("linkTypes") int linkType,
            @ForAll @Size(min = 1, max = 5) List<@Size(max = 80) byte[]> packets,
            @ForAll @Size(max = 6) List<@IntRange(max = 500) Integer> places,
            @ForAll byte value,
            @ForAll @IntRange(min = 1, max = 600) int length)
            throws IOException {
        Path path = Files.createTempFile("tampered", ".pcap");
        try {
            try (CaptureFileWriter writer = new CaptureFileWriter(path, linkType)) {
                for (byte[] packet : packets) {
                    writer.add(0, packet);
                }
            }
            byte[] bytes = Files.readAllBytes(path);
            places.stream().filter(place -> place < bytes.length).forEach(place -> bytes[place] = value);
            Files.write(path, Arrays.copyOf(bytes, Math.min(length, bytes.length)));

            readToTheEnd(path);
        } finally {
            Files.delete(path);
        }
    }

    private static void readToTheEnd(Path path) {
        try (CaptureFile file = CaptureFile.open(path, "")) {
            while (file.next()) {
                if (file.hasPacket()) {
                    CapturedPacket packet = file.packet();
                    assertThat(packet.length()).isBetween(1, packet.buffer().capacity() - packet.offset());
                    assertThat(packet.wireLength()).isGreaterThanOrEqualTo(packet.length());
                }
            }
        } catch (CaptureException | DamagedFileException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }

    @Provide
    Arbitrary<Integer> linkTypes() {
        return Arbitraries.of(0, 1, 101, 104, 108, 113, 228, 276);
    }

    private static void assertUnusable(Path path, String message) {
        assertRefused(() -> CaptureFile.check(path), Reason.UNUSABLE_FILE, message);
    }

    private static void assertRefused(ThrowingCallable attempt, Reason reason, String message) {
        assertThatThrownBy(attempt)
                .hasMessageContaining(message)
                .asInstanceOf(InstanceOfAssertFactories.type(CaptureException.class))
                .extracting(CaptureException::reason)
                .isEqualTo(reason);
    }
}
