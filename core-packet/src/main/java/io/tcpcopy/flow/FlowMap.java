package io.tcpcopy.flow;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * A map from {@link FlowKey}s. Keys come from anyone's packets, so they are mixed with a secret: nobody can choose
 * addresses that collide. The map is split in shards: growing one of a million entries would stop the loop for 9 ms.
 *
 * @param <V> what is found
 */
public final class FlowMap<V> {
    private static final int SHARDS = 64;
    private static final int SHARD_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(SHARDS);
    private static final float LOAD_FACTOR = 0.6f;
    private static final int MIN_SHARD_CAPACITY = 16;
    /** An odd multiplier is a bijection on 64 bits; this one is 2^64 / golden ratio, which spreads neighbours. */
    private static final long MULTIPLIER = 0x9E3779B97F4A7C15L;

    private final long secret = new SplittableRandom().nextLong();
    private final List<Long2ObjectHashMap<V>> shards = new ArrayList<>(SHARDS);
    private int size;

    /**
     * An empty map.
     *
     * @param expectedSize entries to make room for at once
     */
    public FlowMap(int expectedSize) {
        int capacity = Math.max(MIN_SHARD_CAPACITY, (int) (expectedSize / LOAD_FACTOR / SHARDS));
        for (int i = 0; i < SHARDS; i++) {
            shards.add(new Long2ObjectHashMap<>(capacity, LOAD_FACTOR));
        }
    }

    /** What stands under a key, or null. */
    public V get(long key) {
        long mixed = mix(key);
        return shard(mixed).get(mixed);
    }

    /** Puts a value under a key; returns what stood there, or null. */
    public V put(long key, V value) {
        long mixed = mix(key);
        V before = shard(mixed).put(mixed, value);
        if (before == null) {
            size++;
        }
        return before;
    }

    /** Takes out what stands under a key; returns it, or null. */
    public V remove(long key) {
        long mixed = mix(key);
        V before = shard(mixed).remove(mixed);
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
        for (Long2ObjectHashMap<V> shard : shards) {
            shard.values().forEach(action);
        }
    }

    private Long2ObjectHashMap<V> shard(long mixed) {
        return shards.get((int) (mixed >>> SHARD_SHIFT));
    }

    /** Each step can be undone, so different keys stay different. */
    private long mix(long key) {
        long mixed = (key ^ secret) * MULTIPLIER;
        mixed = (mixed ^ mixed >>> Integer.SIZE) * MULTIPLIER;
        return mixed ^ mixed >>> Integer.SIZE;
    }
}
