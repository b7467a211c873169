package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.inject.frame.FrameRoute;
import io.tcpcopy.inject.frame.FrameSettings;
import io.tcpcopy.inject.open.InjectKind;
import io.tcpcopy.inject.open.InjectSettings;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** The options for how packets leave for the targets, as a picocli mixin. */
final class InjectOptions {
    private static final String INJECT = "--inject";
    private static final String FRAMES = "--pcap-send";
    private static final String SEND_DEVICE = "-o";
    private static final List<InjectKind> KINDS = List.of(InjectKind.values());

    /** Null when it was not given. */
    @Option(
            names = INJECT,
            order = 510,
            paramLabel = "WAY",
            completionCandidates = InjectKinds.class,
            description =
                    "How copies leave, for each target. frame: as frames through a packet socket, past this host's firewall,"
                            + " NAT and connection tracking, to the next hop that the kernel's routes name. raw: as IP"
                            + " packets through a raw socket. auto: frame, but raw for targets that frames do not reach as"
                            + " IP packets would: this host itself, routes with several next hops or encapsulation, IPsec."
                            + " Default: auto.")
    private String kind;

    @Option(
            names = FRAMES,
            order = 511,
            description = "Inject Ethernet frames on the device of " + SEND_DEVICE
                    + ", with the MAC addresses of -x: past the kernel's routes as well.")
    private boolean frames;

    @Option(names = SEND_DEVICE, paramLabel = "DEVICE", order = 512, description = "The device for " + FRAMES + ".")
    private String sendDevice;

    /** What shells offer for {@code --inject}. */
    private static final class InjectKinds implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return KINDS.stream().map(InjectKind::text).iterator();
        }
    }

    /** Whether each transfer has the addresses of its frames. */
    boolean haveAddresses() {
        return frames;
    }

    /**
     * How packets leave.
     *
     * @param routes the addresses of frames, where there are such
     * @throws BadInputException when an option cannot have its value, or does not go with another one
     */
    InjectSettings settings(List<FrameRoute> routes) throws BadInputException {
        InjectKind wanted = kind == null ? InjectKind.AUTO : readKind();
        if (!frames) {
            if (sendDevice != null) {
                throw BadInputException.missing(FRAMES, "where " + SEND_DEVICE + " is given");
            }
            return InjectSettings.routed(wanted);
        }
        if (wanted == InjectKind.RAW) {
            throw BadInputException.refused(INJECT, kind, FRAMES + " injects frames");
        }
        String device = OptionValue.required(SEND_DEVICE, sendDevice, "the device for " + FRAMES)
                .text();
        return InjectSettings.addressed(new FrameSettings(device, routes));
    }

    private InjectKind readKind() throws BadInputException {
        return KINDS.stream()
                .filter(known -> known.text().equals(kind))
                .findFirst()
                .orElseThrow(() -> OptionValue.of(INJECT, kind)
                        .wrong(KINDS.stream().map(InjectKind::text).collect(Collectors.joining(", "))));
    }
}
