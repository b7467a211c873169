package io.tcpcopy.tcpcopy.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tcpcopy.capture.CaptureFileWriter;
import io.tcpcopy.daemon.Daemon;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.lab.CapturedConnection;
import io.tcpcopy.loop.LoopWorld;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.offline.OfflineSettings;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is said of a capture file of which nothing, or not all, can be replayed; turned by hand. */
class RefusedCapturesTest {
    private static final int CLIENT = 0x0A010001;
    private static final Endpoint ONLINE = Endpoint.ipv4(0x0A000001, 80);
    private static final Endpoint TARGET = Endpoint.ipv4(0x0A000002, 8080);
    private static final long MEMORY_LIMIT = 64 << 20;
    private static final byte[] IPV6 = frame("86dd", "60000000 0000 06 40");
    private static final byte[] ARP = frame("0806", "0001");
    private static final byte[] GRE = ipv4("2f", "0000 0800 45");
    private static final byte[] VXLAN = ipv4("11", "9c40 12b5 0010 0000 08000000 00000100");
    private static final byte[] FRAGMENT = frame("0800", "4500 0040 0001 2000 40 06 0000 0a010001 0a000001 9c400050");

    @TempDir
    private Path folder;

    private final LoopWorld world = new LoopWorld();
    private final LossyTarget network = new LossyTarget();
    private final ProgramsInMemory programs = new ProgramsInMemory(world, world::nowNs, network::receive);

    private static byte[] frame(String etherType, String payload) {
        return HexFormat.of().parseHex(("ffffffffffff 020000000009" + etherType + payload).replace(" ", ""));
    }

    private static byte[] ipv4(String protocol, String payload) {
        return frame("0800", "4500 0040 0001 4000 40" + protocol + "0000 0a010001 0a000001" + payload);
    }

    private Path capture(List<byte[]> frames) throws IOException {
        Path path = folder.resolve("some.pcap");
        try (CaptureFileWriter file = new CaptureFileWriter(path, CaptureFileWriter.ETHERNET)) {
            for (byte[] frame : frames) {
                file.add(0, frame);
            }
        }
        return path;
    }

    private static void add(List<byte[]> frames, int times, byte[] frame) {
        for (int i = 0; i < times; i++) {
            frames.add(frame);
        }
    }

    /** The packets of a client with one request to a port. */
    private static List<byte[]> connection(int port) throws IOException {
        List<byte[]> frames = new ArrayList<>();
        CapturedConnection connection = new CapturedConnection(
                (ns, packet) -> frames.add(ByteBuffer.allocate(14 + packet.length)
                        .putShort(12, (short) 0x0800)
                        .put(14, packet)
                        .array()),
                "client",
                CLIENT,
                40_000,
                ONLINE.address().bits(),
                port,
                1000);
        connection.open(0).send(0, connection.request(0)).close(0);
        return frames;
    }

    private CopyLoop replay(Path file, String filter) throws Exception {
        network.responses = programs.targetsDevice();
        programs.intercept().start(() -> {});
        Settings session =
                Settings.of(List.of(new Transfer(ONLINE, TARGET))).speedUp(1).build();
        CopyLoop copy = programs.replay(
                new CopySettings(session, InjectSettings.routed(InjectKind.AUTO), MEMORY_LIMIT),
                new OfflineSettings(
                        file,
                        filter,
                        1,
                        Long.MAX_VALUE,
                        2,
                        List.of(folder.resolve("summary.json"), folder.resolve("report.html"))));
        copy.start(() -> {}, () -> {});
        world.until("it is over", () -> programs.tcpcopyLoop().isStopped());
        return copy;
    }

    private void assertRefused(List<byte[]> frames, String filter, String message) throws Exception {
        Path file = capture(frames);
        assertThatThrownBy(replay(file, filter)::finish)
                .isInstanceOf(BadInputException.class)
                .hasMessage("option -i: \"" + file + "\": " + message);
    }

    @Test
    void whatIsThereInThePlaceOfTcpIsSaidWithItsNumberAndWhatCanBeDone() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        add(frames, 3, ARP);
        add(frames, 120, IPV6);
        add(frames, 14, GRE);

        assertRefused(
                frames,
                "",
                "holds nothing of TCP or UDP over IPv4, but 120 packets of IPv6 (not copied), 14 of GRE (capture on the"
                        + " device that unpacks it), 3 of ARP");
    }

    @Test
    void whatCarriesOtherPacketsInUdpIsNoDestination() throws Exception {
        List<byte[]> frames = new ArrayList<>();
        add(frames, 9, VXLAN);
        add(frames, 2, FRAGMENT);

        assertRefused(
                frames,
                "",
                "holds nothing of TCP or UDP over IPv4, but 9 packets of VXLAN (capture on the device that unpacks it),"
                        + " 2 of IPv4 fragments (not put together)");
    }

    @Test
    void besideOtherDestinationsItIsSaidAsWell() throws Exception {
        List<byte[]> frames = connection(8081);
        add(frames, 7, IPV6);

        assertRefused(
                frames,
                "",
                "holds no packet that -x names, but TCP to 10.0.0.1:8081 (4), 7 packets of IPv6 (not copied)");
    }

    @Test
    void whereAFilterLetsNothingThroughItIsSaidWhatThereIsWithoutIt() throws Exception {
        List<byte[]> frames = connection(80);
        add(frames, 7, IPV6);

        assertRefused(
                frames,
                "udp",
                "holds nothing of TCP or UDP over IPv4 that -F lets through; without -F, TCP to 10.0.0.1:80 (4), 7 packets"
                        + " of IPv6 (not copied)");
    }

    @Test
    void besideWhatIsReplayedItIsInTheSummaryOfAllPassesOnce() throws Exception {
        List<byte[]> frames = connection(80);
        add(frames, 7, IPV6);

        assertThat(replay(capture(frames), "").finish()).isEqualTo(Daemon.OK);
        assertThat(Files.readString(folder.resolve("summary.json"))).contains("\"IPv6\" : 7");
        assertThat(Files.readString(folder.resolve("report.html")))
                .contains("<dt>IPv6</dt><dd>7 packets: not copied</dd>", "<h1>Everything was delivered</h1>");
    }
}
