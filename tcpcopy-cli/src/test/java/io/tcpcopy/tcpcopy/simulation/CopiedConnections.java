package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;

/**
 * All connections of clients. The copy of one is known by the client's address and its numbers, of which no two connections
 * of an address have the same ones: its port may be another one than the client's.
 */
final class CopiedConnections {
    /** So far apart two connections of an address are at least: no window and no repetition spans it. */
    private static final long MIN_DISTANCE = 1 << 22;

    private final Map<Ends, List<CopiedConnection>> byEnds = new LinkedHashMap<>();
    private final Map<Integer, List<CopiedConnection>> byAddress = new HashMap<>();
    /** By the client's address and the port towards the target: whose packet left last. */
    private final Map<Endpoint, CopiedConnection> byCopy = new HashMap<>();

    void add(CopiedConnection copied) {
        byEnds.computeIfAbsent(copied.ends(), key -> new ArrayList<>()).add(copied);
        ofAddress(copied.ends().client()).add(copied);
    }

    private List<CopiedConnection> ofAddress(Endpoint client) {
        return byAddress.computeIfAbsent(client.address().bits(), key -> new ArrayList<>());
    }

    /** Whether a client's address has no connection with such numbers yet, nor with near ones. */
    boolean areFree(Endpoint client, int iss, int length) {
        return ofAddress(client).stream().allMatch(copied -> {
            long behind = Integer.toUnsignedLong(iss - copied.iss());
            long before = Integer.toUnsignedLong(copied.iss() - iss);
            return behind > copied.plan().length() + MIN_DISTANCE && before > length + MIN_DISTANCE;
        });
    }

    /** A client's connection that a number in its stream belongs to: the newest one that it may. */
    CopiedConnection find(Ends ends, int number) {
        return newest(byEnds.getOrDefault(ends, List.of()), ends, number);
    }

    /** Whether its client has not used its address and port again. */
    boolean isLast(CopiedConnection copied) {
        List<CopiedConnection> ofEnds = byEnds.get(copied.ends());
        return ofEnds.get(ofEnds.size() - 1) == copied;
    }

    /** Whose copy sends a packet. */
    CopiedConnection copying(TcpPacket packet) {
        CopiedConnection copied = newest(ofAddress(packet.source()), packet.source(), packet.seq());
        byCopy.put(packet.source(), copied);
        return copied;
    }

    /** Whose copy has sent a SYN, from any port. */
    CopiedConnection ofSyn(Endpoint client, int syn) {
        return newest(ofAddress(client), client, syn);
    }

    /** Whose copy a packet of the target is for. */
    CopiedConnection answered(TcpPacket packet) {
        return lastOf(packet.destination());
    }

    /** Whose copy came last from an address and port. */
    CopiedConnection lastOf(Endpoint copy) {
        CopiedConnection last = byCopy.get(copy);
        if (last == null) {
            throw new AssertionError("the target answers " + copy + ", of which nothing has left");
        }
        return last;
    }

    private static CopiedConnection newest(List<CopiedConnection> connections, Object whose, int number) {
        for (int i = connections.size() - 1; i >= 0; i--) {
            if (connections.get(i).owns(number)) {
                return connections.get(i);
            }
        }
        throw new AssertionError("no connection of %s has the number %d".formatted(whose, number));
    }

    /** All connections of a client's address that a number may belong to. */
    Stream<CopiedConnection> owners(Endpoint client, int number) {
        return ofAddress(client).stream().filter(copied -> copied.owns(number));
    }

    /** Sums up a number of each connection; without a stream, since it is asked for often. */
    long sum(ToIntFunction<CopiedConnection> number) {
        long sum = 0;
        for (List<CopiedConnection> ofEnds : byEnds.values()) {
            for (CopiedConnection copied : ofEnds) {
                sum += number.applyAsInt(copied);
            }
        }
        return sum;
    }

    Stream<CopiedConnection> all() {
        return byEnds.values().stream().flatMap(Collection::stream);
    }
}
