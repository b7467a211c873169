package io.tcpcopy.capture;

/**
 * Where captured packets come from. A source is read without waiting, whenever its {@link #descriptor} is ready for
 * reading or has an error, and once a second whether it is or not: when a device goes down and is removed later, the
 * kernel reports only the former.
 *
 * <p>A source can be lost while it is in use, because its device was removed. It then stays open, so that its
 * descriptor can be taken out of a selector first; after that {@link #reopen} is tried from time to time. Until that succeeds
 * the source is closed: it has no descriptor, since its number may be another's, and nothing is read from it.
 */
public interface PacketSource extends CaptureCounters, AutoCloseable {
    /** In place of a descriptor, while a source is closed. */
    int CLOSED = -1;

    /** Where packets come from and how, for people who want to know what was chosen for them. */
    default String description() {
        return name();
    }

    /** The descriptor to select on, or {@link #CLOSED}. Another one after each successful {@link #reopen}. */
    int descriptor();

    /**
     * Hands over the packets that are there, without waiting. What the handler throws is thrown here once all have been
     * handed over; of several exceptions, the first. A handler may close the source: then no more packets follow.
     *
     * @param limit most packets to hand over, at least 1
     * @return how many were captured, those that are not IPv4 included. When it is {@code limit}, more may be there that
     *     the descriptor says nothing about: poll again before waiting.
     * @throws SourceLostException when the device is gone, or the source is closed
     */
    int poll(PacketHandler handler, int limit) throws SourceLostException;

    /**
     * Tries to open a lost source again; what was open is closed before. The counters go on.
     *
     * @return whether the source is open again
     */
    boolean reopen();

    /** Closes the descriptor: cancel its selection before. */
    @Override
    void close();
}
