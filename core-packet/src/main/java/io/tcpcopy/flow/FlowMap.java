package io.tcpcopy.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.agrona.collections.Object2ObjectHashMap;

/**
 * Finds things by their {@link Flow}, the whole of it. The map is split in shards: growing one of a million entries would
 * stop the loop for 9 ms.
 *
 * @param <V> what is found
 */
public final class FlowMap<V> {
    private static final int SHARDS = 64;
    private static final int SHARD_SHIFT = Integer.SIZE - Integer.numberOfTrailingZeros(SHARDS);
    private static final float LOAD_FACTOR = 0.6f;
    private static final int MIN_SHARD_CAPACITY = 16;

    private final List<Object2ObjectHashMap<Flow, V>> shards = new ArrayList<>(SHARDS);
    private int size;

    /**
     * An empty map.
     *
     * @param expectedSize entries to make room for at once
     */
    public FlowMap(int expectedSize) {
        int capacity = Math.max(MIN_SHARD_CAPACITY, (int) (expectedSize / LOAD_FACTOR / SHARDS));
        for (int i = 0; i < SHARDS; i++) {
            shards.add(new Object2ObjectHashMap<>(capacity, LOAD_FACTOR));
        }
    }

    /** What stands under a flow, or null. */
    public V get(Flow flow) {
        return shard(flow).get(flow);
    }

    /**
     * Puts a value under a flow.
     *
     * @param flow the map keeps this very one, which may not change until the value is taken out
     * @return what stood there, or null
     */
    public V put(Flow flow, V value) {
        Object2ObjectHashMap<Flow, V> shard = shard(flow);
        V before = shard.put(flow, value);
        if (before == null) {
            size++;
        } else {
            // The map keeps the former value's flow as key, which its owner may write to from now on.
            shard.remove(flow);
            shard.put(flow, value);
        }
        return before;
    }

    /** Takes out what stands under a flow; returns it, or null. */
    public V remove(Flow flow) {
        V before = shard(flow).remove(flow);
        if (before != null) {
            size--;
        }
        return before;
    }

    /** How many entries there are. */
    public int size() {
        return size;
    }

    /** Shows every value, in no order. The map must not be changed meanwhile. */
    public void forEach(Consumer<? super V> action) {
        for (Object2ObjectHashMap<Flow, V> shard : shards) {
            shard.values().forEach(action);
        }
    }

    private Object2ObjectHashMap<Flow, V> shard(Flow flow) {
        return shards.get(flow.hashCode() >>> SHARD_SHIFT);
    }
}
