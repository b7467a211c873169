package io.tcpcopy.tcpcopy.doctor;

import io.tcpcopy.diagnosis.Code;
import io.tcpcopy.diagnosis.Finding;
import io.tcpcopy.doctor.Host;
import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.session.base.Transfer;
import io.tcpcopy.tcpcopy.options.Protocol;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whether something listens on the online ports of this host; a mirror port and a gateway have none. */
final class OnlinePortCheck {
    /**
     * A socket that waits for clients, IPv4 or IPv6 (proc_pid_net(5)): number, local address and port, remote ones, state 0A
     * (listening, of TCP) or 07 (of UDP).
     */
    private static final Pattern SOCKET =
            Pattern.compile("(?m)^\\s*\\d+: ([0-9A-F]+):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} (0A|07) ");

    private static final String TCP_LISTENS = "0A";
    private static final int HEXADECIMAL = 16;
    /** An IPv4 address in the table of IPv6: {@code ::ffff:} in front, in words of the machine's byte order. */
    private static final String MAPPED = "0000000000000000FFFF0000";

    private static final Pattern ZEROS = Pattern.compile("0+");

    private final Host host;
    private final Protocol protocol;
    private final Set<Address> ownAddresses;

    OnlinePortCheck(Host host, Protocol protocol, Set<Address> ownAddresses) {
        this.host = host;
        this.protocol = protocol;
        this.ownAddresses = ownAddresses;
    }

    /** A socket; its address may be any. */
    private record Listener(Address address, int port) {
        boolean serves(Endpoint online) {
            return port == online.port()
                    && (address.isAny() || online.address().isAny() || address.equals(online.address()));
        }
    }

    List<Finding> findings(List<Transfer> transfers) {
        List<Listener> listeners = new ArrayList<>(read("/proc/net/" + name()));
        listeners.addAll(read("/proc/net/" + name() + "6"));
        return transfers.stream()
                .map(Transfer::online)
                .distinct()
                .map(online -> finding(online, listeners))
                .toList();
    }

    private String name() {
        return protocol.name().toLowerCase(Locale.ROOT);
    }

    private Finding finding(Endpoint online, List<Listener> listeners) {
        Address address = online.address();
        String port = address.isAny() ? "port " + online.port() : online.toString();
        if (!address.isAny() && !address.equals(Address.LOOPBACK) && !ownAddresses.contains(address)) {
            return Finding.ok(
                    Code.ONLINE_PORT,
                    port + " is another host's, whose traffic is to come by here: mirrored or forwarded");
        }
        return listeners.stream().anyMatch(listener -> listener.serves(online))
                ? Finding.ok(Code.ONLINE_PORT, "something listens on " + port)
                : Finding.warning(
                        Code.ONLINE_PORT,
                        "nothing on this host listens on " + port,
                        "is that the online port? ss -ln shows those that there are. Mirrored, forwarded or redirected (DNAT)"
                                + " traffic needs no listener");
    }

    private List<Listener> read(String path) {
        List<Listener> listeners = new ArrayList<>();
        Matcher socket = SOCKET.matcher(host.file(path).orElse(""));
        while (socket.find()) {
            boolean isTcp = socket.group(3).equals(TCP_LISTENS);
            int port = Integer.parseInt(socket.group(2), HEXADECIMAL);
            if (isTcp == (protocol == Protocol.TCP)) {
                address(socket.group(1)).ifPresent(address -> listeners.add(new Listener(address, port)));
            }
        }
        return listeners;
    }

    /** Empty for one of IPv6. */
    private static Optional<Address> address(String digits) {
        if (ZEROS.matcher(digits).matches()) {
            return Optional.of(Address.ANY);
        }
        String last = digits.startsWith(MAPPED) ? digits.substring(MAPPED.length()) : digits;
        return last.length() > Integer.BYTES * 2
                ? Optional.empty()
                : Optional.of(Address.ipv4(Integer.reverseBytes(Integer.parseUnsignedInt(last, HEXADECIMAL))));
    }
}
