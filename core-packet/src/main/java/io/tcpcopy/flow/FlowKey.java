package io.tcpcopy.flow;

/** One end of a connection and what it talks to, packed into 64 bits: IPv4 address, port, and an index of 16 bits. */
public final class FlowKey {
    /** The largest index. */
    public static final int MAX_INDEX = 0xFFFF;

    private FlowKey() {}

    /**
     * Packs a key.
     *
     * @param address IPv4 address
     * @param port 0 to 65535
     * @param index 0 to {@link #MAX_INDEX}
     */
    public static long of(int address, int port, int index) {
        return (long) address << Integer.SIZE | (long) port << Short.SIZE | index;
    }
}
