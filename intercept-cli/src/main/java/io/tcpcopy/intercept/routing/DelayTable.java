package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.flow.FlowMap;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/**
 * SYN and RST responses that overtook their route. The memory is fixed; when it is full the oldest record goes. One SYN
 * and one RST of a connection are kept, the latest of each: an older one is a repeat or belongs to a former connection.
 */
final class DelayTable {
    /** Three seconds of a target that answers more than 5,000 new connections a second before their routes are here. */
    static final int CAPACITY = 16_384;

    /** A route that takes longer belongs to the next connection of the same flow, which an old record would harm. */
    private static final long LIFETIME_NS = TimeUnit.SECONDS.toNanos(3);

    private final Counters<InterceptCounter> counters;
    private final int recordLength;
    private final ByteBuffer records;
    /** The older record of each connection; the later one hangs on it. */
    private final FlowMap<DelayedRecord> byFlow;

    private final AgeList<DelayedRecord> byAge = new AgeList<>(LIFETIME_NS);
    /** Chain of places without a record. */
    private DelayedRecord free;

    private int size;

    /** An empty table for {@code capacity} records of {@code recordLength} bytes. */
    DelayTable(int capacity, int recordLength, Counters<InterceptCounter> counters) {
        this.counters = counters;
        this.recordLength = recordLength;
        records = ByteBuffer.allocateDirect(capacity * recordLength);
        byFlow = new FlowMap<>(capacity);
        for (int place = capacity - 1; place >= 0; place--) {
            release(new DelayedRecord(place * recordLength));
        }
    }

    /**
     * Takes a copy of a record whose response is a SYN or an RST.
     *
     * @param flow of the route that the record waits for
     */
    void put(ResponseRecord record, Flow flow, long nowNs) {
        counters.increment(InterceptCounter.DELAYED);
        boolean reset = record.tcp().has(TcpHeader.RST);
        makeRoom(flow, reset);
        DelayedRecord delayed = free;
        free = delayed.nextFree;
        delayed.nextFree = null;
        delayed.reset = reset;
        delayed.flow.copyFrom(flow);
        records.put(delayed.offset, record.buffer(), record.ip().offset(), recordLength);
        add(delayed, nowNs);
    }

    /**
     * Takes out the oldest record of a connection that is still good.
     *
     * @param record is put on the record, which is there until the next call of this table
     * @return whether there was one
     */
    boolean take(Flow flow, long nowNs, ResponseRecord record) {
        DelayedRecord delayed = byFlow.get(flow);
        while (delayed != null) {
            remove(delayed);
            if (!byAge.isExpired(delayed, nowNs)) {
                record.wrap(records, delayed.offset);
                return true;
            }
            counters.increment(InterceptCounter.DELAYED_EXPIRED);
            delayed = byFlow.get(flow);
        }
        return false;
    }

    /** Takes out what waited too long. */
    void expire(long nowNs) {
        for (DelayedRecord delayed = byAge.expired(nowNs); delayed != null; delayed = byAge.expired(nowNs)) {
            counters.increment(InterceptCounter.DELAYED_EXPIRED);
            remove(delayed);
        }
    }

    /** How many records wait. */
    int size() {
        return size;
    }

    private void makeRoom(Flow flow, boolean reset) {
        DelayedRecord former = byFlow.get(flow);
        if (former != null && former.reset != reset) {
            former = former.later;
        }
        if (former == null && free == null) {
            former = byAge.oldest();
        }
        if (former != null) {
            counters.increment(InterceptCounter.DELAYED_OVERWRITTEN);
            remove(former);
        }
    }

    private void add(DelayedRecord delayed, long nowNs) {
        DelayedRecord older = byFlow.get(delayed.flow);
        if (older == null) {
            byFlow.put(delayed.flow, delayed);
        } else {
            older.later = delayed;
        }
        byAge.append(delayed, nowNs);
        size++;
    }

    private void remove(DelayedRecord delayed) {
        DelayedRecord older = byFlow.remove(delayed.flow);
        DelayedRecord staying = older == delayed ? older.later : older;
        older.later = null;
        if (staying != null) {
            byFlow.put(staying.flow, staying);
        }
        byAge.remove(delayed);
        release(delayed);
        size--;
    }

    private void release(DelayedRecord delayed) {
        delayed.nextFree = free;
        free = delayed;
    }
}
