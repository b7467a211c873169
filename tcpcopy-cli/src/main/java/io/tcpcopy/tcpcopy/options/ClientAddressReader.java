package io.tcpcopy.tcpcopy.options;

import io.tcpcopy.flow.Address;
import io.tcpcopy.options.BadInputException;
import io.tcpcopy.options.OptionValue;
import io.tcpcopy.session.base.Transfer;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Reads the addresses of {@code -c}; {@code a.b.c.x} stands for a.b.c.1 to a.b.c.254. */
final class ClientAddressReader {
    private static final int MAX_ADDRESSES = 4096;
    private static final String EXPECTED = "addresses, or a.b.c.x for a.b.c.1 to a.b.c.254";
    private static final char WILDCARD = 'x';
    private static final int LAST_HOST = 254;

    private ClientAddressReader() {}

    /** The addresses in their order, each once, without those of targets. */
    static List<Address> read(OptionValue value, List<Transfer> transfers) throws BadInputException {
        Set<Address> addresses = new LinkedHashSet<>();
        for (OptionValue part : value.list(MAX_ADDRESSES)) {
            try {
                addAll(part, addresses);
            } catch (BadInputException e) {
                throw part.wrong(EXPECTED);
            }
        }
        for (Transfer transfer : transfers) {
            addresses.remove(transfer.target().address());
        }
        if (addresses.isEmpty()) {
            throw value.wrong("an address that is not a target's");
        }
        if (!addresses.stream().allMatch(Address::isOfOneHost)) {
            throw value.wrong("addresses that hosts on a network can have");
        }
        if (addresses.size() > MAX_ADDRESSES) {
            throw value.wrong("at most " + MAX_ADDRESSES + " addresses");
        }
        return new ArrayList<>(addresses);
    }

    private static void addAll(OptionValue value, Set<Address> addresses) throws BadInputException {
        String text = value.text();
        int last = text.lastIndexOf('.') + 1;
        if (!text.substring(last).equals(String.valueOf(WILDCARD))) {
            addresses.add(value.address());
            return;
        }
        int first = OptionValue.of("", text.substring(0, last) + "1").address().bits();
        for (int host = 0; host < LAST_HOST; host++) {
            addresses.add(Address.ipv4(first + host));
        }
    }
}
