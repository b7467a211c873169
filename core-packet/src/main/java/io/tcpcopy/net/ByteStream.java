package io.tcpcopy.net;

import io.tcpcopy.flow.Endpoint;

/** One end of a stream of bytes to another host. Nothing waits; a result below 0 is an errno with a minus sign. */
public interface ByteStream {
    /** Its descriptor, or the errno with a minus sign when the stream could not be made: then it can only be closed. */
    int fd();

    /** This end. */
    Endpoint local();

    /** The other end. */
    Endpoint peer();

    /** Why connecting has failed, as an errno; 0 when it has not. */
    int connectError();

    /**
     * For how long the other end has not acknowledged anything although something was repeated to it, or it was asked whether it is
     * there; in milliseconds, 0 where nothing of that kind is under way.
     */
    int silentMs();

    /**
     * Sends bytes.
     *
     * @return how many of them were taken; {@code -EAGAIN} when there is no room
     */
    int send(NativeMemory memory, int offset, int length);

    /**
     * Receives as many bytes as there are and fit, to the beginning of the memory.
     *
     * @return how many; 0 when the other end has closed, {@code -EAGAIN} when there are none yet
     */
    int receive(NativeMemory memory);

    /** Ends the stream; {@link #fd} must not be selected on any more. */
    void close();
}
