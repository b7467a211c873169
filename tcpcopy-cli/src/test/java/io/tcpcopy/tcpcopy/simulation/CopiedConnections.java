package io.tcpcopy.tcpcopy.simulation;

import io.tcpcopy.flow.Endpoint;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** All connections of clients, of each address and port in the order in which they were opened. */
final class CopiedConnections {
    private final Map<Endpoint, List<CopiedConnection>> byClient = new LinkedHashMap<>();

    void add(CopiedConnection copied) {
        byClient.computeIfAbsent(copied.client(), key -> new ArrayList<>()).add(copied);
    }

    boolean isClient(Endpoint client) {
        return byClient.containsKey(client);
    }

    /** The connection that a client opened first. */
    CopiedConnection first(Endpoint client) {
        return byClient.get(client).get(0);
    }

    /** A client's connection that a number in its stream belongs to: the newest one that it may. */
    CopiedConnection find(Endpoint client, int number) {
        List<CopiedConnection> ofClient = byClient.getOrDefault(client, List.of());
        for (int i = ofClient.size() - 1; i >= 0; i--) {
            if (ofClient.get(i).owns(number)) {
                return ofClient.get(i);
            }
        }
        throw new AssertionError("no connection of %s has the number %d".formatted(client, number));
    }

    /** All connections of a client that a number may belong to. */
    Stream<CopiedConnection> owners(Endpoint client, int number) {
        return byClient.getOrDefault(client, List.of()).stream().filter(copied -> copied.owns(number));
    }

    Stream<CopiedConnection> all() {
        return byClient.values().stream().flatMap(Collection::stream);
    }
}
