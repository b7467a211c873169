package io.tcpcopy.net;

import io.tcpcopy.flow.Endpoint;

/** Where other hosts connect to. */
public interface StreamListener {
    /** Its descriptor, which is ready to be read when a connection waits. */
    int fd();

    /** Where it listens; with the port that was chosen if 0 was asked for. */
    Endpoint local();

    /**
     * Accepts one connection.
     *
     * @return one without a descriptor when it fails; for {@code -EAGAIN} none waits
     */
    ByteStream accept();

    /** Ends it; {@link #fd} must not be selected on any more. */
    void close();
}
