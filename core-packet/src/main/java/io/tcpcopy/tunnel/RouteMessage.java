package io.tcpcopy.tunnel;

import io.tcpcopy.flow.Flow;
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

    private static final Flow NONE = new Flow();

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
        return flow(NONE).type(VERSION);
    }

    /** Reads the flow that the message is about: client and target as they see each other. */
    public void readFlow(Flow flow) {
        flow.client(buffer.getInt(offset), port(CLIENT_PORT_OFFSET))
                .server(buffer.getInt(offset + TARGET_ADDRESS_OFFSET), port(TARGET_PORT_OFFSET));
    }

    private int port(int portOffset) {
        return buffer.getShort(offset + portOffset) & 0xFFFF;
    }

    /** Writes the flow that the message is about: client and target as they see each other. */
    public RouteMessage flow(Flow flow) {
        buffer.putInt(offset, flow.clientAddress());
        buffer.putShort(offset + CLIENT_PORT_OFFSET, (short) flow.clientPort());
        buffer.putInt(offset + TARGET_ADDRESS_OFFSET, flow.serverAddress());
        buffer.putShort(offset + TARGET_PORT_OFFSET, (short) flow.serverPort());
        return this;
    }

    /** Whether the client's address and port are zero, as in the message that goes first. */
    boolean isWithoutClient() {
        return buffer.getInt(offset) == 0 && port(CLIENT_PORT_OFFSET) == 0;
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
}
