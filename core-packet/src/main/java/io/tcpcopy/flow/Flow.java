package io.tcpcopy.flow;

import java.util.SplittableRandom;

/**
 * Both ends of a connection as one value: who asks (the client) and who is asked (the online server, or a target).
 *
 * <p>It is written to again and again, so that a packet's flow costs no memory. Whoever keeps one keeps a copy
 * ({@link #copyFrom}), and what is a key of a {@link FlowMap} must not be written to.
 *
 * <p>Flows come from anyone's packets, so the hash depends on a secret: nobody can choose ends that collide.
 */
public final class Flow {
    private static final SplittableRandom SECRETS = new SplittableRandom();
    private static final long ADDRESS_SECRET = SECRETS.nextLong();
    private static final long PORT_SECRET = SECRETS.nextLong();
    /** Odd, so that no two values of 64 bits become one; this one is 2^64 / golden ratio, which spreads neighbours. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private AddressFamily family = AddressFamily.IPV4;
    private int clientAddress;
    private int serverAddress;
    /** The client's port in the upper half, the server's in the lower one. */
    private int ports;

    /** Makes this the same flow as another one. */
    public Flow copyFrom(Flow other) {
        family = other.family;
        clientAddress = other.clientAddress;
        serverAddress = other.serverAddress;
        ports = other.ports;
        return this;
    }

    /** Sets the client's end, of which the address stands in an IPv4 header. */
    public Flow client(int address, int port) {
        clientAddress = address;
        return clientPort(port);
    }

    /** Sets the server's end, of which the address stands in an IPv4 header. */
    public Flow server(int address, int port) {
        serverAddress = address;
        ports = ports & 0xFFFF0000 | port;
        return this;
    }

    /** Sets the server's end. */
    public Flow server(Endpoint end) {
        return server(end.address().bits(), end.port());
    }

    /** Sets the client's address alone. */
    public Flow clientAddress(Address address) {
        clientAddress = address.bits();
        return this;
    }

    /** Sets the client's port alone. */
    public Flow clientPort(int port) {
        ports = port << Short.SIZE | ports & 0xFFFF;
        return this;
    }

    /** Sets the server's address alone. */
    public Flow serverAddress(Address address) {
        serverAddress = address.bits();
        return this;
    }

    /** To which family both addresses belong. */
    public AddressFamily family() {
        return family;
    }

    /** The client's address as it stands in an IPv4 header. */
    public int clientAddress() {
        return clientAddress;
    }

    /** The client's port, 0 to 65535. */
    public int clientPort() {
        return ports >>> Short.SIZE;
    }

    /** The server's address as it stands in an IPv4 header. */
    public int serverAddress() {
        return serverAddress;
    }

    /** The server's port, 0 to 65535. */
    public int serverPort() {
        return ports & 0xFFFF;
    }

    /** Whether the client has this address. */
    public boolean isFrom(Address address) {
        return clientAddress == address.bits() && family == address.family();
    }

    /** Whether the server has this address. */
    public boolean isTo(Address address) {
        return serverAddress == address.bits() && family == address.family();
    }

    /** Whether this is the server's end. */
    public boolean isTo(Endpoint end) {
        return serverPort() == end.port() && isTo(end.address());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Flow flow
                && clientAddress == flow.clientAddress
                && ports == flow.ports
                && serverAddress == flow.serverAddress
                && family == flow.family;
    }

    @Override
    public int hashCode() {
        long addresses = (long) clientAddress << Integer.SIZE | serverAddress & 0xFFFFFFFFL;
        long mixed = (addresses ^ ADDRESS_SECRET) * MULTIPLIER;
        mixed = (mixed ^ mixed >>> Integer.SIZE ^ ports ^ PORT_SECRET) * MULTIPLIER;
        return (int) ((mixed ^ mixed >>> Integer.SIZE) * MULTIPLIER >>> Integer.SIZE);
    }

    /** The form {@code 10.0.0.1:40000 > 10.0.0.2:80}. */
    @Override
    public String toString() {
        return Endpoint.ipv4(clientAddress, clientPort()) + " > " + Endpoint.ipv4(serverAddress, serverPort());
    }
}
