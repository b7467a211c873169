package io.tcpcopy.capture.open;

import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The ways to capture, by their names in {@code --capture}. */
public enum CaptureKind {
    /** Through a ring where there is one to be had, else through libpcap. */
    AUTO,
    /** Through a ring. */
    RING,
    /** Through libpcap. */
    PCAP,
    /** Through a raw socket. */
    RAW;

    static final String OPTION = "--capture";

    /**
     * The kind of a name.
     *
     * @param known those that a program has
     * @throws BadInputException when it has none of that name
     */
    public static CaptureKind read(String name, List<CaptureKind> known) throws BadInputException {
        return known.stream()
                .filter(kind -> kind.text().equals(name))
                .findFirst()
                .orElseThrow(() -> OptionValue.of(OPTION, name)
                        .wrong(known.stream().map(CaptureKind::text).collect(Collectors.joining(", "))));
    }

    /** The name. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether a filter is for packets that begin with the IP header. */
    boolean beginsWithIp() {
        return this == RING || this == RAW;
    }
}
