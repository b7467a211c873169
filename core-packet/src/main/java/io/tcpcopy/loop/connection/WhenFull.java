package io.tcpcopy.loop.connection;

/** What a connection does with a message for which its queue has no room. */
public enum WhenFull {
    /** The message is refused, and what is queued stays: for messages that must not be lost. */
    REFUSE,
    /**
     * The oldest messages go until the new one fits, except one that has left in part: for messages of which newer ones
     * are worth more.
     */
    DROP_OLDEST
}
