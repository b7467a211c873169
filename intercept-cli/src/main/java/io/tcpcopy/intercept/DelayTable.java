package io.tcpcopy.intercept;

import io.tcpcopy.counters.Counters;
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

    /** A route that takes longer belongs to the next connection of the pair, which an old record would harm. */
    private static final long LIFETIME_NS = TimeUnit.SECONDS.toNanos(3);

    private final Counters<InterceptCounter> counters;
    private final int recordLength;
    private final ByteBuffer records;
    private final FlowIndex<Delayed> index;
    private final AgeList<Delayed> byAge = new AgeList<>(LIFETIME_NS);
    /** Chain of places without a record. */
    private Delayed free;

    private int size;

    /** An empty table for {@code capacity} records of {@code recordLength} bytes. */
    DelayTable(int capacity, int recordLength, Counters<InterceptCounter> counters) {
        this.counters = counters;
        this.recordLength = recordLength;
        records = ByteBuffer.allocateDirect(capacity * recordLength);
        index = new FlowIndex<>(capacity);
        for (int place = capacity - 1; place >= 0; place--) {
            release(new Delayed(place * recordLength));
        }
    }

    /**
     * Takes a copy of a record whose response is a SYN or an RST.
     *
     * @param targetAddress as the route that it waits for will have it
     */
    void put(ResponseRecord record, int targetAddress, long nowNs) {
        counters.increment(InterceptCounter.DELAYED);
        boolean reset = record.tcp().has(TcpHeader.RST);
        makeRoom(record, targetAddress, reset);
        Delayed delayed = free;
        free = delayed.nextInChain;
        delayed.nextInChain = null;
        delayed.reset = reset;
        delayed.connect(
                record.ip().destination(),
                record.tcp().destinationPort(),
                targetAddress,
                record.tcp().sourcePort());
        records.put(delayed.offset, record.buffer(), record.ip().offset(), recordLength);
        index.add(delayed);
        byAge.append(delayed, nowNs);
        size++;
    }

    /**
     * Takes out the oldest record of a connection that is still good.
     *
     * @param record is put on the record, which is there until the next call of this table
     * @return whether there was one
     */
    boolean take(
            int clientAddress, int clientPort, int targetAddress, int targetPort, long nowNs, ResponseRecord record) {
        Delayed delayed = index.find(clientAddress, clientPort, targetAddress, targetPort);
        while (delayed != null) {
            remove(delayed);
            if (!byAge.isOver(delayed, nowNs)) {
                record.wrap(records, delayed.offset);
                return true;
            }
            counters.increment(InterceptCounter.DELAYED_EXPIRED);
            delayed = index.find(clientAddress, clientPort, targetAddress, targetPort);
        }
        return false;
    }

    /** Takes out what waited too long. */
    void expire(long nowNs) {
        for (Delayed delayed = byAge.expired(nowNs); delayed != null; delayed = byAge.expired(nowNs)) {
            counters.increment(InterceptCounter.DELAYED_EXPIRED);
            remove(delayed);
        }
    }

    /** How many records wait. */
    int size() {
        return size;
    }

    private void makeRoom(ResponseRecord record, int targetAddress, boolean reset) {
        Delayed former = index.find(
                record.ip().destination(),
                record.tcp().destinationPort(),
                targetAddress,
                record.tcp().sourcePort());
        while (former != null && former.reset != reset) {
            former = index.next(former);
        }
        if (former == null && free == null) {
            former = byAge.oldest();
        }
        if (former != null) {
            counters.increment(InterceptCounter.DELAYED_OVERWRITTEN);
            remove(former);
        }
    }

    private void remove(Delayed delayed) {
        index.remove(delayed);
        byAge.remove(delayed);
        release(delayed);
        size--;
    }

    private void release(Delayed delayed) {
        delayed.nextInChain = free;
        free = delayed;
    }
}
