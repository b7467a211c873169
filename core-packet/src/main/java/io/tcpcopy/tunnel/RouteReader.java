package io.tcpcopy.tunnel;

import io.tcpcopy.flow.Flow;
import java.nio.ByteBuffer;

/**
 * Reads the stream from one tcpcopy: a version, then routes. Pieces may end anywhere. Any sequence of bytes leads to
 * messages or to a refusal.
 */
public final class RouteReader {
    /** A tcpcopy that is too old sends no more than this as its first message, so these bytes must decide. */
    private static final int OLD_MESSAGE_LENGTH = 8;

    private final RouteHandler handler;
    private final FixedLengthAssembler assembler = new FixedLengthAssembler(RouteMessage.LENGTH);
    private final RouteMessage message = new RouteMessage().wrap(assembler.bytes(), 0);
    private final Flow flow = new Flow();

    private boolean versionSeen;
    private boolean refused;

    /** A reader at the beginning of a stream. */
    public RouteReader(RouteHandler handler) {
        this.handler = handler;
    }

    /**
     * Takes all that remains in a piece of the stream and hands each whole message to the handler.
     *
     * @return false when the tcpcopy is too old: the connection is to be closed, and all that it sends is ignored
     */
    public boolean read(ByteBuffer piece) {
        while (!refused && piece.hasRemaining()) {
            if (!versionSeen) {
                readVersion(piece);
            } else if (assembler.fill(piece, RouteMessage.LENGTH)) {
                dispatch();
                assembler.clear();
            }
        }
        piece.position(piece.limit());
        return !refused;
    }

    /** Whether the version is there, with which every tcpcopy begins. */
    public boolean hasVersion() {
        return versionSeen;
    }

    private void readVersion(ByteBuffer piece) {
        if (!assembler.fill(piece, OLD_MESSAGE_LENGTH)) {
            return;
        }
        if (!message.isWithoutClient()) {
            refused = true;
            return;
        }
        if (assembler.fill(piece, RouteMessage.LENGTH)) {
            versionSeen = true;
            handler.version(message.type());
            assembler.clear();
        }
    }

    private void dispatch() {
        int type = message.type();
        message.readFlow(flow);
        if (type == RouteMessage.TYPE_ADD) {
            handler.addRoute(flow);
        } else if (type == RouteMessage.TYPE_DELETE) {
            handler.deleteRoute(flow);
        } else {
            handler.unknownType(type);
        }
    }
}
