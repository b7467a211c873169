package io.tcpcopy.loop;

import java.nio.channels.SelectionKey;
import java.nio.channels.spi.AbstractSelectableChannel;
import jnr.enxio.channels.NativeSelectableChannel;
import jnr.enxio.channels.NativeSelectorProvider;

/** A descriptor that belongs to someone else, in the form that a selector wants. Closing it leaves the descriptor open. */
final class DescriptorChannel extends AbstractSelectableChannel implements NativeSelectableChannel {
    private static final int ALL_OPS =
            SelectionKey.OP_READ | SelectionKey.OP_WRITE | SelectionKey.OP_CONNECT | SelectionKey.OP_ACCEPT;

    private final int fd;

    DescriptorChannel(int fd) {
        super(NativeSelectorProvider.getInstance());
        this.fd = fd;
    }

    @Override
    public int getFD() {
        return fd;
    }

    @Override
    public int validOps() {
        return ALL_OPS;
    }

    @Override
    protected void implConfigureBlocking(boolean block) {
        // The owner has made the descriptor non-blocking.
    }

    @Override
    protected void implCloseSelectableChannel() {
        // The owner closes the descriptor.
    }
}
