package io.tcpcopy.lab;

import java.nio.file.Path;
import java.time.Duration;

/** Records every packet at an interface of a host in a capture file, by tcpdump. */
public final class PacketWatch {

    private static final String EVERYTHING = "";
    private static final String HEADERS = "128";
    private static final String WHOLE_PACKETS = "0";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final LabHosts lab;
    private final LabHosts.Host host;
    private final Path capture;
    private final HostProcess tcpdump;

    private PacketWatch(LabHosts lab, LabHosts.Host host, Path capture, HostProcess tcpdump) {
        this.lab = lab;
        this.host = host;
        this.capture = capture;
        this.tcpdump = tcpdump;
    }

    /** Starts recording headers; returns when it does. */
    public static PacketWatch start(LabHosts lab, LabHosts.Host host, String networkInterface) {
        return start(lab, host, networkInterface, HEADERS, EVERYTHING);
    }

    /** Starts recording whole packets; returns when it does. */
    public static PacketWatch startWithPayload(LabHosts lab, LabHosts.Host host, String networkInterface) {
        return start(lab, host, networkInterface, WHOLE_PACKETS, EVERYTHING);
    }

    /**
     * Starts recording what a filter takes; returns when it does.
     *
     * @param snapshotLength most bytes of each packet
     * @param filter in tcpdump's syntax, which takes ARP as well
     */
    public static PacketWatch start(
            LabHosts lab, LabHosts.Host host, String networkInterface, String snapshotLength, String filter) {
        Path capture = lab.file(host + "-" + System.nanoTime() + ".pcap");
        HostProcess tcpdump = lab.start(
                "tcpdump",
                host,
                "tcpdump",
                "-Z",
                "root",
                "-U",
                "-B",
                "65536",
                "-s",
                snapshotLength,
                "-i",
                networkInterface,
                "-w",
                capture.toString(),
                filter);
        tcpdump.waitForOutput("listening on", PATIENCE);
        return new PacketWatch(lab, host, capture, tcpdump);
    }

    /**
     * Stops recording.
     *
     * @param nobody an address on the watched link that no host has, and that nobody has asked for in the last seconds: the kernel asks
     *     three times, and the question of an earlier watch would end this one too early
     */
    public void stop(String nobody) {
        // Ended by a signal, tcpdump forgets what it has not read yet. So wait until it has recorded something new: the
        // question for this address.
        lab.run(host, "bash", "-c", "echo >/dev/udp/" + nobody + "/9");
        Waiting.until("tcpdump has read everything", PATIENCE, () -> isRecorded("arp host " + nobody));
        tcpdump.terminate();
        if (!tcpdump.output().contains("\n0 packets dropped by kernel")) {
            throw new AssertionError("the recording is not complete:\n" + tcpdump.output());
        }
    }

    private boolean isRecorded(String filter) {
        // The last packet may be written in part only, about which tcpdump complains.
        String packets =
                lab.run(host, "bash", "-c", "tcpdump -qnr " + capture + " '" + filter + "' 2>/dev/null || true");
        return !packets.isBlank();
    }

    /** What was recorded, after {@link #stop}. */
    public Path file() {
        return capture;
    }

    /** How many of the recorded packets a filter in tcpdump's syntax matches. */
    public long count(String filter) {
        return lab.run(host, "tcpdump", "-qnr", capture.toString(), filter)
                .lines()
                .filter(line -> !line.startsWith("reading from file"))
                .count();
    }
}
