package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.StartException;
import io.tcpcopy.session.base.Transfer;
import java.net.Inet4Address;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The addresses of those that take part in copying, whose own requests cannot be copied: a target's answer would go to them. */
final class OwnAddresses {
    private OwnAddresses() {}

    /**
     * Those of this host, but for 127.0.0.1, which -H is about, of targets and of intercepts.
     *
     * @throws StartException when the kernel does not tell them
     */
    static Set<Address> of(List<Transfer> transfers, List<Endpoint> intercepts) throws StartException {
        return Stream.of(
                        ofThisHost(),
                        transfers.stream().map(transfer -> transfer.target().address()),
                        intercepts.stream().map(Endpoint::address))
                .flatMap(addresses -> addresses)
                .filter(address -> !address.equals(Address.LOOPBACK))
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * Whether a transfer's target is the server that clients ask: then what is sent there would be captured again.
     *
     * @throws StartException when the kernel does not tell the addresses of this host
     */
    static boolean isOnlineServer(Transfer transfer) throws StartException {
        boolean isOnAnyAddress = transfer.online().address().isAny()
                && transfer.online().port() == transfer.target().port();
        return transfer.online().equals(transfer.target())
                || isOnAnyAddress && ofThisHost().anyMatch(transfer.target().address()::equals);
    }

    private static Stream<Address> ofThisHost() throws StartException {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(NetworkInterface::inetAddresses)
                    .filter(Inet4Address.class::isInstance)
                    .map(address ->
                            Address.ipv4(ByteBuffer.wrap(address.getAddress()).getInt()));
        } catch (SocketException e) {
            throw new StartException("cannot list the addresses of this host: " + e.getMessage());
        }
    }
}
