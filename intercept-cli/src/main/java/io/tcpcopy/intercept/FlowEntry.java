package io.tcpcopy.intercept;

/**
 * Something that belongs to one connection between a client and a target. It carries its own links, so that a
 * {@link FlowIndex} and an {@link AgeList} hold it without allocating.
 *
 * @param <E> the type itself
 */
abstract class FlowEntry<E extends FlowEntry<E>> {
    private int clientAddress;
    private int clientPort;
    private int targetAddress;
    private int targetPort;

    /** The next entry in the index's chain. */
    E nextInChain;
    /** The neighbours in the list by age. */
    E older;

    E newer;
    /** When the entry came to the end of its list by age. */
    long sinceNs;

    /** Sets what the entry belongs to. Not while it is in an index. */
    final void connect(int newClientAddress, int newClientPort, int newTargetAddress, int newTargetPort) {
        clientAddress = newClientAddress;
        clientPort = newClientPort;
        targetAddress = newTargetAddress;
        targetPort = newTargetPort;
    }

    final int clientAddress() {
        return clientAddress;
    }

    final int clientPort() {
        return clientPort;
    }

    final int targetAddress() {
        return targetAddress;
    }

    final int targetPort() {
        return targetPort;
    }

    final boolean hasTarget(int address, int port) {
        return targetAddress == address && targetPort == port;
    }
}
