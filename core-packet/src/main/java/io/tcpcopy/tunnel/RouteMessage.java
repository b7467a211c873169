package io.tcpcopy.tunnel;

import java.nio.ByteBuffer;

/**
 * A view of a message from tcpcopy to intercept, {@link #LENGTH} bytes: client address (4), client port (2), type (2),
 * target address (4), target port (2).
 */
public final class RouteMessage {
    /** Length of a message in bytes. */
    public static final int LENGTH = 14;
    /** Type: responses for this client to this target come back on this connection. */
    public static final int TYPE_ADD = 1;
    /** Type: the route is not needed any more. */
    public static final int TYPE_DELETE = 2;
    /** The protocol's internal version: the type of the first message on a connection. */
    public static final int VERSION = 6;

    private static final int CLIENT_PORT_OFFSET = 4;
    private static final int TYPE_OFFSET = 6;
    private static final int TARGET_ADDRESS_OFFSET = 8;
    private static final int TARGET_PORT_OFFSET = 12;

    private ByteBuffer buffer;
    private int offset;

    /** Puts the view on a message. */
    public RouteMessage wrap(ByteBuffer newBuffer, int newOffset) {
        buffer = newBuffer;
        offset = newOffset;
        return this;
    }

    /** Writes the message that goes first on each connection: {@link #VERSION} as type, the rest zero. */
    public RouteMessage version() {
        return clientAddress(0).clientPort(0).type(VERSION).targetAddress(0).targetPort(0);
    }

    /** The source address that the target sees. */
    public int clientAddress() {
        return buffer.getInt(offset);
    }

    /** Writes the source address that the target sees. */
    public RouteMessage clientAddress(int address) {
        buffer.putInt(offset, address);
        return this;
    }

    /** The source port that the target sees. */
    public int clientPort() {
        return buffer.getShort(offset + CLIENT_PORT_OFFSET) & 0xFFFF;
    }

    /** Writes the source port that the target sees. */
    public RouteMessage clientPort(int port) {
        buffer.putShort(offset + CLIENT_PORT_OFFSET, (short) port);
        return this;
    }

    /** What the message asks for; in the first message the version. */
    public int type() {
        return buffer.getShort(offset + TYPE_OFFSET) & 0xFFFF;
    }

    /** Writes what the message asks for. */
    public RouteMessage type(int type) {
        buffer.putShort(offset + TYPE_OFFSET, (short) type);
        return this;
    }

    /** The target's address. */
    public int targetAddress() {
        return buffer.getInt(offset + TARGET_ADDRESS_OFFSET);
    }

    /** Writes the target's address. */
    public RouteMessage targetAddress(int address) {
        buffer.putInt(offset + TARGET_ADDRESS_OFFSET, address);
        return this;
    }

    /** The target's port. */
    public int targetPort() {
        return buffer.getShort(offset + TARGET_PORT_OFFSET) & 0xFFFF;
    }

    /** Writes the target's port. */
    public RouteMessage targetPort(int port) {
        buffer.putShort(offset + TARGET_PORT_OFFSET, (short) port);
        return this;
    }
}
