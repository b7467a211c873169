package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.capture.CaptureSettings;
import io.tcpcopy.capture.open.CaptureKind;
import io.tcpcopy.capture.open.CaptureOpener;
import io.tcpcopy.net.StartException;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Transfer;
import java.util.Iterator;
import java.util.List;
import java.util.OptionalInt;
import picocli.CommandLine.Option;

/** The options for what is captured and how, as a picocli mixin. */
final class CaptureOptions {
    private static final List<CaptureKind> KINDS = List.of(CaptureKind.values());

    private static final int MIN_SNAPSHOT_LENGTH = 128;
    /** The longest IPv4 packet and its link header. */
    private static final String SNAPSHOT_LENGTH = "65600";

    /** Null when it was not given. */
    private String captureKind;

    @Option(
            names = "--capture",
            order = 500,
            paramLabel = "KIND",
            completionCandidates = CaptureKinds.class,
            description =
                    "How to capture what devices receive. ring: through a ring of frames, with a filter for packets that begin"
                            + " with the IP header. pcap: through libpcap. auto: ring, but pcap where the kernel gives no ring or"
                            + " the filter reads what is in front of the IP header. raw: through a raw socket, the"
                            + " packets that this host takes, as they are after the firewall's INPUT rules, DNAT (so -x names"
                            + " the address and port behind it) and reassembly; no mirrored or forwarded traffic."
                            + " Default: auto.")
    private void setCaptureKind(String kind) {
        // Without the option picocli sets null, also behind another one that has set it.
        captureKind = kind == null ? captureKind : kind;
    }

    @Option(names = "--pcap-capture", order = 505, description = "The same as --capture pcap.")
    private void setPcapCapture(boolean given) {
        if (given) {
            setCaptureKind(CaptureKind.PCAP.text());
        }
    }

    @Option(
            names = "-i",
            order = 501,
            paramLabel = "LIST",
            description = "Capture devices, comma-separated, opened promiscuous. Needed for mirrored traffic. With"
                    + " --capture raw: those that packets must come in on. Default: " + CaptureSettings.ANY
                    + " (all devices). With --offline: the capture file.")
    private String input;

    @Option(
            names = "-F",
            order = 502,
            paramLabel = "EXPR",
            description = "Capture filter in the syntax of tcpdump, one argument (quote it), in place of the one that"
                    + " follows from -x. What this host sends is taken only where -x names its destination. With --capture"
                    + " raw and ring, packets begin with the IP header.")
    private String filter;

    @Option(
            names = "-B",
            order = 503,
            paramLabel = "NUM",
            description = "Capture buffer of each device in MB, 1 to " + RequestCaptures.MAX_MB
                    + ": an eighth is for the ring's frames, and the rest for long packets (with --capture raw the"
                    + " socket's receive buffer, to " + RequestCaptures.MAX_SOCKET_MB
                    + "); more if the log speaks of kernel drops. Default: " + RequestCaptures.SOCKET_MB + " (pcap: "
                    + RequestCaptures.PCAP_MB + ").")
    private String bufferSize;

    @Option(
            names = "-S",
            order = 504,
            paramLabel = "NUM",
            description = "Bytes to capture of each packet, " + MIN_SNAPSHOT_LENGTH + " to "
                    + CaptureSettings.MAX_SNAPSHOT_LENGTH + ", its link header (but with --capture raw) included;"
                    + " packets that are longer are not copied. Default: " + SNAPSHOT_LENGTH + ".")
    private String snapshotLength;

    /** What shells offer for {@code --capture}. */
    private static final class CaptureKinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return KINDS.stream().map(CaptureKind::text).iterator();
        }
    }

    /** The value of {@code -i}; null when it was not given. */
    String input() {
        return input;
    }

    /** The value of {@code -F}; null when it was not given. */
    String filter() {
        return filter;
    }

    /**
     * Refuses what says how to capture, where nothing is captured.
     *
     * @throws BadInputException for the first of such options
     */
    void checkNothingToCapture() throws BadInputException {
        if (captureKind != null && kind() != CaptureKind.PCAP) {
            throw OptionValue.of("--capture", captureKind).wrong("none with " + OfflineOptions.OFFLINE);
        }
        checkNotGiven("-B", bufferSize);
        checkNotGiven("-S", snapshotLength);
    }

    private static void checkNotGiven(String option, String value) throws BadInputException {
        if (value != null) {
            throw BadInputException.refused(option, value, "nothing is captured with " + OfflineOptions.OFFLINE);
        }
    }

    /**
     * How to capture what the transfers name, on each device; of other parts as little as possible.
     *
     * @throws BadInputException when an option cannot have its value
     * @throws StartException when libpcap is missing
     */
    List<CaptureSettings> settings(Protocol protocol, List<Transfer> transfers, Part part)
            throws BadInputException, StartException {
        CaptureKind kind = kind();
        List<String> names = CaptureOpener.devices(input == null ? CaptureSettings.ANY : input);
        CaptureFilter captureFilter = CaptureFilter.derive(protocol, transfers, part);
        if (filter != null) {
            CaptureOpener.checkFilter(filter, kind, names);
            captureFilter = CaptureFilter.given(filter, transfers);
        }
        int length = OptionValue.of("-S", snapshotLength == null ? SNAPSHOT_LENGTH : snapshotLength)
                .number(MIN_SNAPSHOT_LENGTH, CaptureSettings.MAX_SNAPSHOT_LENGTH);
        RequestCaptures captures = new RequestCaptures(protocol, captureFilter, length, bufferMb(kind));
        return names.stream().map(name -> captures.settings(kind, name)).toList();
    }

    private OptionalInt bufferMb(CaptureKind kind) throws BadInputException {
        if (bufferSize == null) {
            return OptionalInt.empty();
        }
        int most = kind == CaptureKind.RAW ? RequestCaptures.MAX_SOCKET_MB : RequestCaptures.MAX_MB;
        return OptionalInt.of(OptionValue.of("-B", bufferSize).number(1, most));
    }

    private CaptureKind kind() throws BadInputException {
        return captureKind == null ? CaptureKind.AUTO : CaptureKind.read(captureKind, KINDS);
    }
}
