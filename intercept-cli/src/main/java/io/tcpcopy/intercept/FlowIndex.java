package io.tcpcopy.intercept;

import io.tcpcopy.flow.FlowKey;
import io.tcpcopy.flow.FlowMap;
import java.util.SplittableRandom;

/**
 * Finds entries by the exact addresses and ports of client and target. The map's keys have 16 bits for the target, so
 * targets are folded; entries of one key form a chain and are compared in full. The fold depends on a secret: whoever
 * sends routes cannot choose targets that fall together, and with every address and port of targets under one client
 * port a million entries still make chains of about 15. Nothing has to be remembered per target.
 *
 * @param <E> what is found; a connection may have several, in the order in which they were added
 */
final class FlowIndex<E extends FlowEntry<E>> {
    private final FlowMap<E> chains;
    /** Odd, so that no bit of a target is lost before the upper bits are taken. */
    private final long secret = new SplittableRandom().nextLong() | 1;

    /** An empty index with room for {@code expectedSize} entries. */
    FlowIndex(int expectedSize) {
        chains = new FlowMap<>(expectedSize);
    }

    /** The first entry of a connection, or null. */
    E find(int clientAddress, int clientPort, int targetAddress, int targetPort) {
        E first = chains.get(key(clientAddress, clientPort, targetAddress, targetPort));
        return firstWithTarget(first, targetAddress, targetPort);
    }

    /** The next entry of the same connection, or null. */
    E next(E entry) {
        return firstWithTarget(entry.nextInChain, entry.targetAddress(), entry.targetPort());
    }

    /** Adds an entry behind those that its connection has. */
    void add(E entry) {
        long key = key(entry);
        E last = chains.get(key);
        if (last == null) {
            chains.put(key, entry);
            return;
        }
        while (last.nextInChain != null) {
            last = last.nextInChain;
        }
        last.nextInChain = entry;
    }

    /** Takes out an entry that is there. */
    void remove(E entry) {
        long key = key(entry);
        E first = chains.get(key);
        if (first != entry) {
            E before = first;
            while (before.nextInChain != entry) {
                before = before.nextInChain;
            }
            before.nextInChain = entry.nextInChain;
        } else if (entry.nextInChain == null) {
            chains.remove(key);
        } else {
            chains.put(key, entry.nextInChain);
        }
        entry.nextInChain = null;
    }

    private E firstWithTarget(E first, int targetAddress, int targetPort) {
        E entry = first;
        while (entry != null && !entry.hasTarget(targetAddress, targetPort)) {
            entry = entry.nextInChain;
        }
        return entry;
    }

    private long key(E entry) {
        return key(entry.clientAddress(), entry.clientPort(), entry.targetAddress(), entry.targetPort());
    }

    private long key(int clientAddress, int clientPort, int targetAddress, int targetPort) {
        long target = (targetAddress & 0xFFFFFFFFL) << Short.SIZE | targetPort;
        return FlowKey.of(clientAddress, clientPort, (int) (target * secret >>> Long.SIZE - Short.SIZE));
    }
}
