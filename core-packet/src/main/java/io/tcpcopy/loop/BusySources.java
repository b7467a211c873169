package io.tcpcopy.loop;

import java.util.ArrayList;
import java.util.List;

/**
 * The sources that the poller has lately found readable. After a rest most of them are again, and a read in vain costs less than to ask
 * which: so for some turns they are read without asking. Not while anybody waits to write, which may be idle until then.
 */
final class BusySources {
    /** So many turns in a row: all others wait for as long, and they are some milliseconds. */
    private static final int MOST_UNASKED = 8;
    /** A source that was not readable so many times in a row is not busy. */
    private static final int FORGOTTEN_AFTER = 8;

    private final List<Registration> sources = new ArrayList<>();
    private int writersWaiting;
    private long questions;
    private int unasked;

    /** Whether this turn, which begins after a rest, is one that does not ask. */
    boolean areReadUnasked() {
        if (sources.isEmpty() || unasked == MOST_UNASKED || writersWaiting > 0) {
            return false;
        }
        unasked++;
        return true;
    }

    /** One more source waits until it can write, or one less. */
    void waitsToWrite(boolean begins) {
        writersWaiting += begins ? 1 : -1;
    }

    /** The poller is asked now; what it answers follows. */
    void ask() {
        unasked = 0;
        questions++;
        for (int i = sources.size() - 1; i >= 0; i--) {
            Registration source = sources.get(i);
            if (source.isCancelled() || questions - source.readableAtQuestion() > FORGOTTEN_AFTER) {
                source.readableAtQuestion(Registration.NEVER_READABLE);
                sources.remove(i);
            }
        }
    }

    /** The poller has found this one readable. */
    void add(Registration source) {
        if (source.readableAtQuestion() == Registration.NEVER_READABLE) {
            sources.add(source);
        }
        source.readableAtQuestion(questions);
    }

    int size() {
        return sources.size();
    }

    Registration get(int index) {
        return sources.get(index);
    }
}
