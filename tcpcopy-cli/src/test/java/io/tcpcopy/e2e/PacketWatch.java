package io.tcpcopy.e2e;

import io.tcpcopy.lab.HostProcess;
import io.tcpcopy.lab.Waiting;
import java.nio.file.Path;
import java.time.Duration;

/** Records every packet at an interface of a host in a capture file, by tcpdump. */
final class PacketWatch {

    private static final String HEADERS = "128";
    private static final String WHOLE_PACKETS = "0";

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Lab lab;
    private final Lab.Host host;
    private final Path capture;
    private final HostProcess tcpdump;

    private PacketWatch(Lab lab, Lab.Host host, Path capture, HostProcess tcpdump) {
        this.lab = lab;
        this.host = host;
        this.capture = capture;
        this.tcpdump = tcpdump;
    }

    /** Starts recording headers; returns when it does. */
    static PacketWatch start(Lab lab, Lab.Host host, String networkInterface) {
        return start(lab, host, networkInterface, HEADERS);
    }

    /** Starts recording whole packets; returns when it does. */
    static PacketWatch startWithPayload(Lab lab, Lab.Host host, String networkInterface) {
        return start(lab, host, networkInterface, WHOLE_PACKETS);
    }

    private static PacketWatch start(Lab lab, Lab.Host host, String networkInterface, String snapshotLength) {
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
                capture.toString());
        tcpdump.waitForOutput("listening on", PATIENCE);
        return new PacketWatch(lab, host, capture, tcpdump);
    }

    /**
     * Stops recording.
     *
     * @param nobody an address on the watched link that no host has
     */
    void stop(String nobody) {
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
    Path file() {
        return capture;
    }

    /** How many of the recorded packets a filter in tcpdump's syntax matches. */
    long count(String filter) {
        return lab.run(host, "tcpdump", "-qnr", capture.toString(), filter)
                .lines()
                .filter(line -> !line.startsWith("reading from file"))
                .count();
    }
}
