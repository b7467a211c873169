package io.tcpcopy.inject;

import io.tcpcopy.flow.Endpoint;
import java.util.List;

/** The targets that packets leave for, each once, with numbers from 0 on: the number is how they are known here. */
public final class Targets {
    /** In place of a number. */
    private static final int UNKNOWN = -1;

    private final List<Endpoint> ends;
    /** Of the same targets, for each packet. */
    private final int[] addresses;

    private final int[] ports;

    /** These targets; one that comes again counts once. */
    public Targets(List<Endpoint> targets) {
        ends = targets.stream().distinct().toList();
        addresses = ends.stream().mapToInt(end -> end.address().bits()).toArray();
        ports = ends.stream().mapToInt(Endpoint::port).toArray();
    }

    /** How many there are. */
    public int size() {
        return addresses.length;
    }

    /** All of them, in the order of their numbers. */
    public List<Endpoint> ends() {
        return ends;
    }

    /** The target of a number. */
    public Endpoint get(int target) {
        return ends.get(target);
    }

    /**
     * The number of a target.
     *
     * @param address IPv4 address
     * @return negative where there is no such target
     */
    public int find(int address, int port) {
        for (int i = 0; i < addresses.length; i++) {
            if (ports[i] == port && addresses[i] == address) {
                return i;
            }
        }
        return UNKNOWN;
    }
}
