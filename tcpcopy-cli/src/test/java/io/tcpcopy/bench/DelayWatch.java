package io.tcpcopy.bench;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.tcpcopy.capture.CaptureException;
import io.tcpcopy.capture.file.CaptureFile;
import io.tcpcopy.capture.file.DamagedFileException;
import io.tcpcopy.flow.Address;
import io.tcpcopy.lab.LabHosts;
import io.tcpcopy.lab.LabHosts.Host;
import io.tcpcopy.lab.PacketWatch;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Captures web requests on the online host's links, those of clients coming in and their copies leaving, both by one clock. A
 * request is known by its first line, which no other has.
 */
final class DelayWatch {

    /** Enough for headers and the first line. */
    private static final String SNAPSHOT_LENGTH = "192";
    /** Headers of IPv4 and TCP without options that a client would use beside its time stamps. */
    private static final int MOST_WITHOUT_PAYLOAD = 60;

    /** In its first second under load the JVM compiles: that is no measure for what comes later. */
    private static final long WARMING_UP_NS = TimeUnit.SECONDS.toNanos(1);

    private final LabHosts lab;
    private final PacketWatch watch;
    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final Map<String, Long> arrivals = new HashMap<>();
    private final Map<String, Long> departures = new HashMap<>();

    /** Begins to capture what goes to a port. */
    DelayWatch(LabHosts lab, int port) {
        this.lab = lab;
        String requests = "(tcp dst port " + port + " and ip[2:2] > " + MOST_WITHOUT_PAYLOAD + ")";
        watch = PacketWatch.start(lab, Host.ONLINE, "any", SNAPSHOT_LENGTH, requests + " or arp");
    }

    /** Ends it, and compares the times. */
    Delay end() {
        String online = lab.address("ONLINE_BACK");
        watch.stop(online.substring(0, online.lastIndexOf('.')) + ".250");
        int target = Address.parse(lab.address("TARGET")).orElseThrow().bits();
        try (CaptureFile file = CaptureFile.open(watch.file(), "tcp")) {
            while (file.next()) {
                if (file.hasPacket()) {
                    note(file.packet(), target);
                }
            }
        } catch (CaptureException | DamagedFileException e) {
            throw new AssertionError("the capture of requests and copies: " + e.getMessage(), e);
        }
        return Delay.of(delays());
    }

    private List<Long> delays() {
        long beginNs =
                arrivals.values().stream().mapToLong(Long::longValue).min().orElse(0) + WARMING_UP_NS;
        List<Long> delays = new ArrayList<>();
        departures.forEach((request, leftNs) -> {
            long arrivalNs = arrivals.getOrDefault(request, 0L);
            if (arrivalNs >= beginNs) {
                delays.add(leftNs - arrivalNs);
            }
        });
        if (delays.isEmpty()) {
            throw new AssertionError("no copies were captured");
        }
        return delays;
    }

    private void note(CapturedPacket packet, int target) {
        ip.wrap(packet.buffer(), packet.offset());
        tcp.wrap(packet.buffer(), packet.offset() + ip.headerLength());
        int headers = ip.headerLength() + tcp.headerLength();
        if (packet.length() <= headers) {
            return;
        }
        byte[] beginning = new byte[packet.length() - headers];
        packet.buffer().get(packet.offset() + headers, beginning);
        String request = new String(beginning, ISO_8859_1).lines().findFirst().orElse("");
        // The first time counts: what is repeated was late already.
        (ip.destination() == target ? departures : arrivals).putIfAbsent(request, packet.arrivalNs());
    }
}
