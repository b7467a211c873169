package io.tcpcopy.intercept;

import io.tcpcopy.daemon.BadInputException;
import io.tcpcopy.daemon.OptionValue;
import io.tcpcopy.packet.Ipv4Address;

/**
 * The target runs in a container whose network gives the client another address: what is sent there is a response to the
 * client.
 *
 * @param container where the container sends its responses
 * @param client the address that tcpcopy gives the client
 */
record ContainerAddress(int container, int client) {
    /** There is no such address. */
    static final ContainerAddress NONE = new ContainerAddress(Ipv4Address.ANY, Ipv4Address.ANY);

    private static final String EXPECTED = "two addresses such as 172.17.0.1-10.0.0.9";

    /** Reads {@code container-client}. */
    static ContainerAddress read(OptionValue value) throws BadInputException {
        int dash = value.text().indexOf('-');
        if (dash < 0) {
            throw value.wrong(EXPECTED);
        }
        try {
            return new ContainerAddress(
                    value.part(0, dash).address(),
                    value.part(dash + 1, value.text().length()).address());
        } catch (BadInputException e) {
            throw value.wrong(EXPECTED);
        }
    }

    /** The client that a response is for, of the address that it is sent to. */
    int clientOf(int destination) {
        return destination == container ? client : destination;
    }
}
