package io.tcpcopy.intercept.routing;

/**
 * Entries that all live equally long, so that the order in which they came is the order in which they expire.
 *
 * @param <E> what is in the list; in one list at a time
 */
final class AgeList<E extends FlowEntry<E>> {
    private final long lifetimeNs;
    private E oldest;
    private E newest;

    /** An empty list whose entries live for {@code lifetimeNs} after they were appended. */
    AgeList(long lifetimeNs) {
        this.lifetimeNs = lifetimeNs;
    }

    /** Appends an entry that is in no list; its life begins now. */
    void append(E entry, long nowNs) {
        entry.sinceNs = nowNs;
        entry.older = newest;
        if (newest == null) {
            oldest = entry;
        } else {
            newest.newer = entry;
        }
        newest = entry;
    }

    /** Takes out an entry that is in this list. */
    void remove(E entry) {
        if (entry.older == null) {
            oldest = entry.newer;
        } else {
            entry.older.newer = entry.newer;
        }
        if (entry.newer == null) {
            newest = entry.older;
        } else {
            entry.newer.older = entry.older;
        }
        entry.older = null;
        entry.newer = null;
    }

    /** The entry that was appended first, or null. */
    E oldest() {
        return oldest;
    }

    /** The oldest entry if its life is over, or null. */
    E expired(long nowNs) {
        return oldest != null && isExpired(oldest, nowNs) ? oldest : null;
    }

    /** Whether the life of an entry of this list is over. */
    boolean isExpired(E entry, long nowNs) {
        return nowNs - entry.sinceNs >= lifetimeNs;
    }
}
