package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.session.base.Part;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.base.Transfer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;

/** The options for which sessions are copied, and how they are replayed, as a picocli mixin. */
final class SessionOptions {
    private static final int MAX_COPIES = 1023;
    private static final int MAX_PORT_SHIFT_FACTOR = 255;
    private static final int MAX_PERCENTAGE = 100;
    private static final int MIN_MTU = 576;
    private static final int MAX_MTU = 65535;
    private static final int MIN_MSS = 64;
    private static final int MAX_MSS = 65495;
    private static final int MAX_RTT_MS = 60_000;
    private static final int MAX_TIMEOUT_S = 86_400;
    private static final Pattern PART = Pattern.compile("([1-9][0-9]?)/([1-9][0-9]?)");

    @Option(
            names = "-c",
            paramLabel = "LIST",
            description =
                    "Client addresses to use towards the target instead of the real ones: comma-separated addresses,"
                            + " or a.b.c.x for a.b.c.1 to a.b.c.254; at most 4096. Those of targets are left out.")
    private String clientAddresses;

    @Option(
            names = "-H",
            paramLabel = "ADDR",
            description = "Client address to use instead of 127.0.0.1, for clients on this host.")
    private String loopbackClient;

    @Option(
            names = "-n",
            paramLabel = "NUM",
            defaultValue = "1",
            description = "Copies of each connection or datagram, 1 to " + MAX_COPIES + ". Default: ${DEFAULT-VALUE}.")
    private String copies;

    @Option(
            names = "-f",
            paramLabel = "NUM",
            defaultValue = "0",
            description = "Port shift factor, 0 to " + MAX_PORT_SHIFT_FACTOR
                    + " (31 are distinct): give each tcpcopy that copies to the same target another one."
                    + " Default: ${DEFAULT-VALUE}.")
    private String portShiftFactor;

    @Option(
            names = "-r",
            paramLabel = "NUM",
            defaultValue = "100",
            description = "Percentage of sessions to copy, 1 to 100; each is copied whole or not at all. With "
                    + TcpcopyOptions.UDP
                    + ", of client addresses and ports."
                    + " Default: ${DEFAULT-VALUE}.")
    private String percentage;

    @Option(
            names = "-g",
            description = "Gradually: let the percentage rise by 1 a second, from 1 to that of -r. Running connections"
                    + " join as it rises, each with its next request; with -O, only new ones.")
    private boolean gradually;

    @Option(
            names = "--part",
            paramLabel = "K/N",
            description = "Copy the K-th of N parts alone, for N processes or hosts that share one stream, N up to "
                    + Part.MOST
                    + ". A hash of the client's address and port says which part a connection or datagram is in.")
    private String part;

    @Option(names = "-O", description = "Copy only whole sessions: those whose beginning was seen.")
    private boolean wholeSessionsOnly;

    @Option(names = "-W", description = "Do not wait for the response before the next request is sent.")
    private boolean withoutWaiting;

    @Option(
            names = "-M",
            paramLabel = "NUM",
            defaultValue = "" + Settings.DEFAULT_MTU,
            description = "MTU towards the target in bytes, " + MIN_MTU + " to " + MAX_MTU
                    + "; larger packets are split. Where the device or the route takes less, that counts instead."
                    + " Default: ${DEFAULT-VALUE}.")
    private String mtu;

    @Option(
            names = "-D",
            paramLabel = "NUM",
            defaultValue = "" + Settings.DEFAULT_MSS,
            description = "MSS in bytes to announce for connections that were open before the start, " + MIN_MSS
                    + " to " + MAX_MSS + ". Default: ${DEFAULT-VALUE}.")
    private String mss;

    @Option(
            names = "-R",
            paramLabel = "NUM",
            description = "Round-trip time of clients in ms, 1 to " + MAX_RTT_MS + ". Default: as measured.")
    private String rtt;

    @Option(
            names = "-t",
            paramLabel = "NUM",
            defaultValue = "" + Settings.DEFAULT_SESSION_TIMEOUT_S,
            description = "End a session whose target does not respond for this many seconds, 1 to " + MAX_TIMEOUT_S
                    + ". Default: ${DEFAULT-VALUE}.")
    private String sessionTimeout;

    @Option(
            names = "-k",
            paramLabel = "NUM",
            description = "End a session that is idle for this many seconds, 1 to " + MAX_TIMEOUT_S
                    + ". Default: session timeout + " + Settings.KEEPALIVE_EXTRA_S + ".")
    private String keepaliveTimeout;

    /**
     * What the options ask for.
     *
     * @throws BadInputException when an option cannot have its value
     */
    Settings.Builder settings(List<Transfer> transfers) throws BadInputException {
        int timeoutS = OptionValue.of("-t", sessionTimeout).number(1, MAX_TIMEOUT_S);
        int keepaliveS = keepaliveTimeout == null
                ? timeoutS + Settings.KEEPALIVE_EXTRA_S
                : OptionValue.of("-k", keepaliveTimeout).number(1, MAX_TIMEOUT_S);
        Settings.Builder builder = Settings.of(transfers)
                .copies(OptionValue.of("-n", copies).number(1, MAX_COPIES))
                .portShiftFactor(OptionValue.of("-f", portShiftFactor).number(0, MAX_PORT_SHIFT_FACTOR))
                .part(part())
                .percentage(OptionValue.of("-r", percentage).number(1, MAX_PERCENTAGE))
                .gradually(gradually)
                .wholeSessionsOnly(wholeSessionsOnly)
                .waitForResponse(!withoutWaiting)
                .mtu(OptionValue.of("-M", mtu).number(MIN_MTU, MAX_MTU))
                .mss(OptionValue.of("-D", mss).number(MIN_MSS, MAX_MSS))
                .timeoutsNs(TimeUnit.SECONDS.toNanos(timeoutS), TimeUnit.SECONDS.toNanos(keepaliveS));
        if (loopbackClient != null) {
            builder.loopbackClient(loopbackClient(transfers));
        }
        if (clientAddresses != null) {
            builder.clientAddresses(ClientAddressReader.read(OptionValue.of("-c", clientAddresses), transfers));
        }
        if (rtt != null) {
            builder.fixedRttNs(
                    TimeUnit.MILLISECONDS.toNanos(OptionValue.of("-R", rtt).number(1, MAX_RTT_MS)));
        }
        return builder;
    }

    private Part part() throws BadInputException {
        if (part == null) {
            return Part.ALL;
        }
        OptionValue value = OptionValue.of("--part", part);
        Matcher numbers = PART.matcher(part);
        if (numbers.matches()) {
            Part read = new Part(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)));
            if (read.number() <= read.of() && read.of() <= Part.MOST) {
                return read;
            }
        }
        throw value.wrong("K/N, with a number from 1 to " + Part.MOST + " for N, and one from 1 to N for K");
    }

    private Address loopbackClient(List<Transfer> transfers) throws BadInputException {
        OptionValue value = OptionValue.of("-H", loopbackClient);
        Address address = value.address();
        if (address.equals(Address.LOOPBACK)) {
            throw value.wrong("an address other than 127.0.0.1, which it replaces");
        }
        boolean isTarget = transfers.stream()
                .anyMatch(transfer -> address.equals(transfer.target().address()));
        if (isTarget || !address.isOfOneHost()) {
            throw value.wrong("an address that a client of the targets can have");
        }
        return address;
    }
}
