package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Flow;

/**
 * Something that belongs to one connection between a client and a target. It carries its own key and its own links, so
 * that tables hold it without allocating.
 *
 * @param <E> the type itself
 */
abstract class FlowEntry<E extends FlowEntry<E>> {
    /** What the entry belongs to: the key of its table's map, so it is not written to while the entry is in there. */
    final Flow flow = new Flow();

    /** The next in the chain of entries that are not in use. */
    E nextFree;
    /** The neighbours in the list by age. */
    E older;

    E newer;
    /** When the entry came to the end of its list by age, in nanoseconds. */
    long sinceNs;
}
