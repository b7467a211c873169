package io.tcpcopy.session.table;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.flow.FlowMap;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.base.Settings;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Finds sessions, or what is left of them, from both sides: by the connection of the client as it was captured, and by the
 * flow of responses.
 *
 * @param <V> what is found; each has an identity that does not change while it is here
 */
final class SessionIndex<V> {
    private final Function<V, SessionIdentity> identityOf;
    private final boolean dnat;
    /** A map for each copy of a client's connection. */
    private final List<FlowMap<V>> byCaptured = new ArrayList<>();

    private final FlowMap<V> byResponse;
    private final Flow responseFlow = new Flow();

    /** An empty index that expects so many entries. */
    SessionIndex(Settings settings, int expectedSize, Function<V, SessionIdentity> identityOf) {
        this.identityOf = identityOf;
        dnat = settings.dnat();
        for (int copy = 0; copy < settings.copies(); copy++) {
            byCaptured.add(new FlowMap<>(expectedSize / settings.copies()));
        }
        byResponse = new FlowMap<>(expectedSize);
    }

    /**
     * What belongs to a client's connection, or null.
     *
     * @param captured the real client and the online server
     * @param copy which of the copies is meant, 0 for the first
     */
    V byCaptured(Flow captured, int copy) {
        return byCaptured.get(copy).get(captured);
    }

    /** What uses a flow towards its target, or null; with --dnat the target's port counts, not its address. */
    V byFlow(Flow flow) {
        if (!dnat) {
            return byResponse.get(flow);
        }
        SessionIdentity.writeResponseFlow(flow, responseFlow);
        return byResponse.get(responseFlow);
    }

    int size() {
        return byResponse.size();
    }

    void put(V entry) {
        SessionIdentity identity = identityOf.apply(entry);
        byCaptured.get(identity.copy()).put(identity.captured(), entry);
        byResponse.put(identity.responseFlow(), entry);
    }

    void remove(V entry) {
        SessionIdentity identity = identityOf.apply(entry);
        byCaptured.get(identity.copy()).remove(identity.captured());
        byResponse.remove(identity.responseFlow());
    }

    /** Shows every entry, in no order. The index must not be changed meanwhile. */
    void forEach(Consumer<? super V> action) {
        byResponse.forEach(action);
    }
}
