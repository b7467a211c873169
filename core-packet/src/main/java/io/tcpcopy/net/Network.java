package io.tcpcopy.net;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;

/** Byte streams to and from other hosts: the kernel's TCP, or what a test puts in its place. Nothing waits. */
public interface Network {
    /** Begins to connect from an address that the kernel chooses; see {@link #connect(Address, Endpoint)}. */
    default ByteStream connect(Endpoint peer) {
        return connect(Address.ANY, peer);
    }

    /**
     * Begins to connect. Once the stream is ready to be written to, {@link ByteStream#connectError} says how it went.
     *
     * @param local an address of this host; {@link Address#ANY} for whichever the kernel chooses
     * @return a stream without a descriptor when not even that is possible
     */
    ByteStream connect(Address local, Endpoint peer);

    /**
     * Listens from now on.
     *
     * @throws StartException when the endpoint is taken, or is none of this host's
     */
    StreamListener listen(Endpoint local) throws StartException;
}
