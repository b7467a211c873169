package io.tcpcopy.lab;

import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Where connections come from: the addresses in turn, each with its ports in turn. The kernel's own search for a free
 * port takes the longer the more are in use.
 */
final class SourceAddresses {

    private static final int FIRST_PORT = 1024;
    private static final int PORTS = 65536 - FIRST_PORT;
    /** An earlier run's connections may still hold a row of ports. */
    private static final int MOST_TRIES = 10_000;

    private final List<InetAddress> addresses;
    private final int start;
    private long given;

    /** Ports begin anywhere, as the name of the run says: those of another run may still be in use. */
    SourceAddresses(List<InetAddress> addresses, String run) {
        this.addresses = addresses;
        start = new SplittableRandom(run.hashCode()).nextInt(PORTS);
    }

    /**
     * Opens a connection from the next address; it is not complete yet.
     *
     * @throws IOException if there is no free port either
     */
    SocketChannel connect(InetSocketAddress server) throws IOException {
        for (int tries = 1; ; tries++) {
            SocketChannel channel = SocketChannel.open();
            try {
                channel.configureBlocking(false);
                channel.bind(next());
                channel.connect(server);
                return channel;
            } catch (IOException e) {
                channel.close();
                if (!(e instanceof BindException) || tries == MOST_TRIES) {
                    throw e;
                }
            }
        }
    }

    private InetSocketAddress next() {
        int address = (int) (given % addresses.size());
        int port = FIRST_PORT + (int) ((start + given / addresses.size()) % PORTS);
        given++;
        return new InetSocketAddress(addresses.get(address), port);
    }
}
