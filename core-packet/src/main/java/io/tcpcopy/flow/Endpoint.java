package io.tcpcopy.flow;

/**
 * One end of a connection.
 *
 * @param address of the host
 * @param port 0 to 65535
 */
public record Endpoint(Address address, int port) {
    /** An end with an IPv4 address; the first number of its dotted form is the highest byte. */
    public static Endpoint ipv4(int address, int port) {
        return new Endpoint(Address.ipv4(address), port);
    }

    /** The form {@code 10.0.0.1:80}. */
    @Override
    public String toString() {
        return address + ":" + port;
    }
}
