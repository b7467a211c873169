package io.tcpcopy.loop;

import java.nio.channels.SelectionKey;

/** A source's place in the loop; made by {@link EventLoop#register}. */
public final class Registration {
    static final long NEVER_READABLE = -1;

    private final Source source;
    private final Priority priority;
    private final BusySources busySources;
    private Poller.Watch watch;
    private boolean waitsToWrite;
    private boolean cancelled;
    private int readyOps;
    private boolean notedReady;
    /** Kept here for {@link BusySources}. */
    private long readableAtQuestion = NEVER_READABLE;

    Registration(Source source, Priority priority, BusySources busySources) {
        this.source = source;
        this.priority = priority;
        this.busySources = busySources;
    }

    /**
     * Changes what is waited for. To wait for nothing, cancel: otherwise a hang-up would be reported in each turn.
     *
     * @param ops bits of {@link SelectionKey}, at least one
     */
    public void interest(int ops) {
        EventLoop.checkInterest(ops);
        watch.interest(ops);
        noteInterest(ops);
    }

    private void noteInterest(int ops) {
        boolean waits = (ops & SelectionKey.OP_WRITE) != 0;
        if (waits != waitsToWrite) {
            waitsToWrite = waits;
            busySources.waitsToWrite(waits);
        }
    }

    /**
     * Lets go of the descriptor; the source is not called again, not even in this turn. Must come before the descriptor
     * is closed: the poller would go on with a number that may then be another's. A second call has no effect.
     */
    public void cancel() {
        if (!cancelled) {
            cancelled = true;
            watch.end();
            noteInterest(0);
        }
    }

    /** Whether the source is no longer called. */
    public boolean isCancelled() {
        return cancelled;
    }

    void bind(Poller.Watch newWatch, int ops) {
        watch = newWatch;
        noteInterest(ops);
    }

    /** Notes what is ready; a later selection within the turn does not change it. */
    void noteReady(int ops) {
        readyOps = ops;
        notedReady = true;
    }

    /** Whether the source is going to be called in this turn. */
    boolean isNotedReady() {
        return notedReady;
    }

    long readableAtQuestion() {
        return readableAtQuestion;
    }

    void readableAtQuestion(long question) {
        readableAtQuestion = question;
    }

    Priority priority() {
        return priority;
    }

    boolean callSource() {
        notedReady = false;
        return source.ready(readyOps);
    }
}
