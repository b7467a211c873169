package io.tcpcopy.tcpcopy.probe;

import io.tcpcopy.flow.Address;
import io.tcpcopy.flow.Endpoint;
import io.tcpcopy.net.ByteStream;
import io.tcpcopy.net.NativeMemory;
import io.tcpcopy.net.Network;
import io.tcpcopy.net.StreamListener;

/**
 * A stream that never comes to be.
 *
 * @param fd its descriptor, or an errno with a minus sign
 */
record TestStream(int fd) implements ByteStream {
    /** A network on which all streams are like this. */
    Network network() {
        return new Network() {
            @Override
            public ByteStream connect(Address local, Endpoint peer) {
                return TestStream.this;
            }

            @Override
            public StreamListener listen(Endpoint local) {
                throw new UnsupportedOperationException();
            }
        };
    }

    @Override
    public Endpoint local() {
        throw new UnsupportedOperationException();
    }

    @Override
    public Endpoint peer() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int connectError() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int silentMs() {
        throw new UnsupportedOperationException();
    }

    @Override
    public int send(NativeMemory memory, int offset, int length) {
        throw new UnsupportedOperationException();
    }

    @Override
    public int receive(NativeMemory memory) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {
        // It was never open.
    }
}
