package io.tcpcopy.session.table;

import java.util.ArrayDeque;

/**
 * Objects that wait to be used again, the last one first. Those that nobody has wanted for a while can be dropped.
 *
 * @param <T> what they are
 */
final class Spares<T> {
    private final ArrayDeque<T> waiting = new ArrayDeque<>();
    /** How many there were at least since {@link #dropUnwanted} was called last. */
    private int fewest;

    /** The one that came last, or null when none waits. */
    T take() {
        T taken = waiting.pollLast();
        fewest = Math.min(fewest, waiting.size());
        return taken;
    }

    /** Keeps one. */
    void add(T spare) {
        waiting.addLast(spare);
    }

    /** Drops as many as have waited all the time since the last call; returns how many. */
    int dropUnwanted() {
        int unwanted = fewest;
        for (int i = 0; i < unwanted; i++) {
            waiting.removeFirst();
        }
        fewest = waiting.size();
        return unwanted;
    }
}
