package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Address;

/**
 * The target runs in a container whose network gives the client another address: what is sent there is a response to the
 * client.
 *
 * @param container where the container sends its responses
 * @param client the address that tcpcopy gives the client
 */
public record ContainerAddress(Address container, Address client) {
    /** There is no such address. */
    public static final ContainerAddress NONE = new ContainerAddress(Address.ANY, Address.ANY);

    /** The client that a response is for, from the address that it is sent to; both as they stand in IPv4 headers. */
    int clientOf(int destination) {
        return destination == container.bits() ? client.bits() : destination;
    }
}
