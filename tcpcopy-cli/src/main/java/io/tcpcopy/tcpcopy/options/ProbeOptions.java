package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.Errand;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.session.base.Transfer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Option;

/** The option that has the whole way tried instead of copying, as a picocli mixin. */
final class ProbeOptions {
    private static final int MAX_PROBES = 64;
    static final String PROBE = "--probe";

    @Option(
            names = PROBE,
            paramLabel = "LIST",
            order = 801,
            description =
                    "Try one handshake from each of these client addresses through the whole way and back instead of"
                            + " copying, and end: 0, or 1 if a leg fails, which is named. Where the way back is broken, who uses"
                            + " such an address hears of it: take unused ones of the clients' networks. At most "
                            + MAX_PROBES + ".")
    private String probe;

    /** Whether the way is to be tried. */
    boolean given() {
        return probe != null;
    }

    /**
     * What is to be tried.
     *
     * @throws BadInputException when one of the addresses can be no client's
     */
    Errand errand(List<Transfer> transfers) throws BadInputException {
        Set<Address> clients = new LinkedHashSet<>();
        for (OptionValue client : OptionValue.of(PROBE, probe).list(MAX_PROBES)) {
            Address address = client.address();
            boolean isTarget = transfers.stream()
                    .anyMatch(transfer -> address.equals(transfer.target().address()));
            if (isTarget || !address.isOfOneHost()) {
                throw client.wrong("addresses that clients of the targets can have");
            }
            clients.add(address);
        }
        return new Errand.Probe(List.copyOf(clients));
    }
}
