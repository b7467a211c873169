package io.tcpcopy.intercept.options;

import io.tcpcopy.capture.queue.QueueSettings;
import io.tcpcopy.net.netlink.PacketQueue;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** The options of the set-up without an assistant host, as a picocli mixin. */
final class TraditionalOptions {
    private static final String TRADITIONAL = "--traditional";
    private static final String PASSED = "-x";
    private static final String QUEUE_LENGTH = "-q";

    private static final int MAX_PASSED = 32;
    /** Packets wait with all their bytes: 64 KB at most, so these are 4 GB. */
    private static final int MAX_QUEUE_LENGTH = 65_536;

    @Option(
            names = TRADITIONAL,
            order = 800,
            description = "Run on the test server's host, without an assistant host: take the responses from NFQUEUE "
                    + PacketQueue.NUMBER + ", to which a firewall rule sends them, and drop them."
                    + " Needs CAP_NET_ADMIN. No -F, no -i.")
    private boolean traditional;

    @Option(
            names = PASSED,
            paramLabel = "LIST",
            order = 801,
            description = "With " + TRADITIONAL
                    + ": let responses to these addresses through, comma-separated, at most " + MAX_PASSED + ".")
    private String passed;

    @Option(
            names = QUEUE_LENGTH,
            paramLabel = "NUM",
            order = 802,
            description = "With " + TRADITIONAL + ": most packets that may wait, 1 to " + MAX_QUEUE_LENGTH + "; up to "
                    + PacketQueue.DEFAULT_LENGTH + " count as that. Default: " + PacketQueue.DEFAULT_LENGTH + ".")
    private String queueLength;

    /**
     * Checks the values.
     *
     * @param snapshotLength most bytes to read of a packet
     * @return empty unless the set-up is asked for
     */
    Optional<QueueSettings> check(int snapshotLength) throws BadInputException {
        if (!traditional) {
            refuse(PASSED, passed, "only with " + TRADITIONAL);
            refuse(QUEUE_LENGTH, queueLength, "only with " + TRADITIONAL);
            return Optional.empty();
        }
        int length = queueLength == null
                ? PacketQueue.DEFAULT_LENGTH
                : OptionValue.of(QUEUE_LENGTH, queueLength).number(1, MAX_QUEUE_LENGTH);
        return Optional.of(
                new QueueSettings(Math.max(length, PacketQueue.DEFAULT_LENGTH), snapshotLength, addresses()));
    }

    private List<Integer> addresses() throws BadInputException {
        List<Integer> addresses = new ArrayList<>();
        if (passed != null) {
            for (OptionValue part : OptionValue.of(PASSED, passed).list(MAX_PASSED)) {
                addresses.add(part.address().bits());
            }
        }
        return addresses;
    }

    /** Refuses an option that means nothing in this set-up. */
    static void refuseWithTraditional(String option, String value) throws BadInputException {
        refuse(option, value, "not with " + TRADITIONAL + ", which takes packets from NFQUEUE " + PacketQueue.NUMBER);
    }

    private static void refuse(String option, String value, String reason) throws BadInputException {
        if (value != null) {
            throw BadInputException.unfit(option, reason);
        }
    }
}
