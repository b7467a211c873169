package io.tcpcopy.loop.connection;

import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.loop.EventLoop;
import io.tcpcopy.loop.Priority;
import io.tcpcopy.loop.Registration;
import io.tcpcopy.loop.Source;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.Errno;
import io.tcpcopy.net.NativeMemory;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.util.function.IntConsumer;

/**
 * A connection to another host with a bounded queue of messages. Made by {@link ConnectionFactory}. Messages are
 * queued whole and leave with {@link #flush}, which the owner calls at the end of a turn, so that what was written in a
 * turn leaves in one call. What the kernel does not take then is sent when the kernel has room again.
 */
public final class Connection implements Source {
    private enum State {
        CONNECTING,
        OPEN,
        CLOSED
    }

    /**
     * How often it reads in one turn at most. {@link EventLoop#MAX_ITEMS} captured packets, of which there are several copies, bring
     * several times as many responses: these must not wait longer and longer behind packets that bring even more.
     */
    static final int MAX_READS = 16;

    private final ByteStream stream;
    private final ConnectionHandler handler;
    private final IntConsumer dropped;
    private final MessageQueue queue;
    private final WhenFull whenFull;
    private final NativeMemory readMemory;
    private Registration registration;
    private State state;
    private boolean waitsForRoom;
    private long sends;

    /** A connection that is open, or being made; {@link #start} follows. */
    Connection(
            ByteStream stream,
            boolean connecting,
            ConnectionHandler handler,
            MessageQueue queue,
            WhenFull whenFull,
            NativeMemory readMemory) {
        this.stream = stream;
        this.state = connecting ? State.CONNECTING : State.OPEN;
        this.handler = handler;
        this.dropped = handler::dropped;
        this.queue = queue;
        this.whenFull = whenFull;
        this.readMemory = readMemory;
    }

    void start(EventLoop loop) {
        int ops = state == State.CONNECTING ? SelectionKey.OP_CONNECT : SelectionKey.OP_READ;
        registration = loop.register(this, Priority.TUNNEL, ops);
    }

    /** The other endpoint. */
    public Endpoint peer() {
        return stream.peer();
    }

    /** Whether messages can be written. */
    public boolean isOpen() {
        return state == State.OPEN;
    }

    /** How many bytes wait for the kernel to take them. */
    public int queuedBytes() {
        return queue.bytes();
    }

    /** For how long the other end has not acknowledged anything, in milliseconds; 0 where it owes nothing, or is not connected. */
    public int silentMs() {
        return state == State.OPEN ? stream.silentMs() : 0;
    }

    /** How many times bytes were handed to the kernel. */
    public long sends() {
        return sends;
    }

    /**
     * Queues a copy of a message, wholly or not at all. A full queue is flushed first; then {@link WhenFull} decides.
     *
     * @param buffer of any byte order
     * @param offset index of the message
     * @param length in bytes
     * @return false when the message was not queued: no room for it, or the connection is not open
     */
    public boolean write(ByteBuffer buffer, int offset, int length) {
        if (!queue.hasRoom(length) && !waitsForRoom) {
            flush();
        }
        if (state != State.OPEN) {
            return false;
        }
        if (!queue.hasRoom(length) && (whenFull == WhenFull.REFUSE || !queue.makeRoom(length, dropped))) {
            return false;
        }
        queue.add(buffer, offset, length);
        return true;
    }

    /** Hands what is queued to the stream, without waiting. */
    public void flush() {
        while (state == State.OPEN && queue.bytes() > 0) {
            int length = queue.bytes();
            int sent = stream.send(queue.memory(), queue.start(), length);
            if (sent >= 0) {
                sends++;
                queue.sent(sent);
            }
            if (sent == -Errno.EAGAIN || sent >= 0 && sent < length) {
                waitForRoom(true);
                return;
            }
            if (sent < 0 && sent != -Errno.EINTR) {
                end(-sent);
            }
        }
        waitForRoom(false);
    }

    /**
     * Ends the connection at once. What is queued is dropped, then the handler is told the reason. A second call has
     * no effect.
     *
     * @param reason for the log, without a full stop
     */
    public void close(String reason) {
        end(0, reason);
    }

    /** The kernel has ended the connection, or could not make it. */
    void end(int errno) {
        end(errno, Errno.message(errno));
    }

    private void end(int errno, String reason) {
        if (state == State.CLOSED) {
            return;
        }
        state = State.CLOSED;
        if (registration != null) {
            registration.cancel();
        }
        stream.close();
        queue.clear(dropped);
        handler.closed(errno, reason);
    }

    @Override
    public int fd() {
        return stream.fd();
    }

    @Override
    public boolean ready(int readyOps) {
        if (readyOps == 0) {
            close("its descriptor has become invalid");
        } else if (state == State.CONNECTING) {
            finishConnecting();
        } else {
            if ((readyOps & SelectionKey.OP_WRITE) != 0) {
                flush();
            }
            if (state == State.OPEN && (readyOps & SelectionKey.OP_READ) != 0) {
                return read();
            }
        }
        return false;
    }

    private void finishConnecting() {
        int error = stream.connectError();
        if (error != 0) {
            end(error);
        } else if (stream.local().equals(stream.peer())) {
            // A port of the ephemeral range without a listener: TCP's simultaneous open with oneself (RFC 9293, 3.5).
            end(Errno.ECONNREFUSED, "nobody listens there, it has reached itself");
        } else {
            state = State.OPEN;
            registration.interest(SelectionKey.OP_READ);
            handler.connected();
        }
    }

    /** Reads what there is; not for ever, so that a connection that always has more to read does not keep the others waiting. */
    private boolean read() {
        int reads = 0;
        while (reads < MAX_READS && readOnce()) {
            reads++;
        }
        return reads == MAX_READS;
    }

    /** Returns whether there may be more to read. */
    private boolean readOnce() {
        int length = stream.receive(readMemory);
        if (length > 0) {
            deliver(length);
            return state == State.OPEN && length == readMemory.size();
        }
        if (length == 0) {
            close("closed by the other end");
        } else if (length != -Errno.EAGAIN && length != -Errno.EINTR) {
            end(-length);
        }
        return false;
    }

    private void deliver(int length) {
        try {
            handler.received(readMemory.buffer().limit(length).position(0));
        } catch (RuntimeException fault) {
            // The handler may have read part of a message, so it could not make sense of what follows.
            close("a fault in this program");
            throw fault;
        } finally {
            readMemory.buffer().clear();
        }
    }

    private void waitForRoom(boolean wait) {
        if (waitsForRoom != wait && state == State.OPEN) {
            waitsForRoom = wait;
            registration.interest(wait ? SelectionKey.OP_READ | SelectionKey.OP_WRITE : SelectionKey.OP_READ);
        }
    }
}
