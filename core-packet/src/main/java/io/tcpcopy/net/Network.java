package io.tcpcopy.net;

import io.tcpcopy.flow.Endpoint;

/** Byte streams to and from other hosts: the kernel's TCP, or what a test puts in its place. Nothing waits. */
public interface Network {
    /**
     * Begins to connect. Once the stream is ready to be written to, {@link ByteStream#connectError} says how it went.
     *
     * @return a stream without a descriptor when not even that is possible
     */
    ByteStream connect(Endpoint peer);

    /**
     * Listens from now on.
     *
     * @throws StartException when the endpoint is taken, or is none of this host's
     */
    StreamListener listen(Endpoint local) throws StartException;
}
