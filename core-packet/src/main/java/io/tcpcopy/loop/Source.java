package io.tcpcopy.loop;

/** A descriptor that the loop waits for, and what to do when it is ready. */
public interface Source {
    /** The descriptor: non-blocking, owned and closed by the source. */
    int fd();

    /**
     * Called when the descriptor is ready, or when it has been readable lately: then there may be nothing to read. It takes a
     * bounded number of items, {@link EventLoop#MAX_ITEMS} if they are packets, and returns.
     *
     * @param readyOps bits of {@link java.nio.channels.SelectionKey}; all that were asked for after a hang-up or an
     *     error. 0 means that the descriptor has become invalid: the source must cancel its registration.
     * @return whether the bound was reached and more may wait, of which the descriptor need not tell: the source is called
     *     again in the next turn, which does not sleep
     */
    boolean ready(int readyOps);
}
