package io.tcpcopy.session.base;

import io.tcpcopy.flow.Flow;

/**
 * One of several parts of all connections, by a hash of the client's address and port: each connection is in one of them. Processes
 * that share one stream have a part each.
 *
 * @param number of the part, from 1 on
 * @param of how many parts there are, 1 to {@link #MOST}
 */
public record Part(int number, int of) {
    /** Everything. */
    public static final Part ALL = new Part(1, 1);
    /** So many parts are there at most. */
    public static final int MOST = 64;

    /** Odd, and not those by which connections are sampled: each part has its share of those that are sampled. */
    private static final int ADDRESS_MULTIPLIER = 0x85EBCA6B;

    private static final int MULTIPLIER = 0xC2B2AE35;
    /** Of a product the high bits depend on all bits of what was multiplied. */
    private static final int HASH_SHIFT = Short.SIZE;

    /** Whether a connection is in this part. */
    public boolean has(Flow client) {
        return of == 1 || hash(client) % of == number - 1;
    }

    private static int hash(Flow client) {
        return (client.clientAddress() * ADDRESS_MULTIPLIER + client.clientPort()) * MULTIPLIER >>> HASH_SHIFT;
    }

    /**
     * The same as an expression of pcap-filter(7), whose numbers have 32 bits without a sign: of packets that carry it the kernel gives
     * none of another part.
     *
     * @param port what stands for the client's port, {@code tcp[0:2]} for instance
     */
    public String filter(String port) {
        return "(((ip[12:4] * " + Integer.toUnsignedString(ADDRESS_MULTIPLIER) + " + " + port + ") * "
                + Integer.toUnsignedString(MULTIPLIER) + ") >> " + HASH_SHIFT + ") % " + of + " = " + (number - 1);
    }

    /** The form {@code 1/3}. */
    @Override
    public String toString() {
        return number + "/" + of;
    }
}
