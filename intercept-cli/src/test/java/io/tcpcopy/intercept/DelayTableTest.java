package io.tcpcopy.intercept;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.counters.Counters;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseEncoder;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class DelayTableTest {
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final long LIFETIME_NS = TimeUnit.SECONDS.toNanos(3);

    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final DelayTable table = new DelayTable(3, ResponseRecord.HEADERS_LENGTH, counters);

    @Test
    void aRecordIsTakenOnceByItsConnection() {
        put(1000, 1, SYN_ACK, 0);
        assertThat(take(1001, 0)).isEmpty();
        assertThat(take(1000, 0)).containsExactly(1);
        assertThat(take(1000, 0)).isEmpty();
        assertThat(table.size()).isZero();
    }

    @Test
    void aSynAndAnRstOfOneConnectionComeInOrder() {
        put(1000, 1, SYN_ACK, 0);
        put(1000, 2, TcpHeader.RST, 0);
        assertThat(take(1000, 0)).containsExactly(1, 2);
    }

    @Test
    void aRepeatTakesThePlaceOfTheFormer() {
        put(1000, 1, SYN_ACK, 0);
        put(1000, 2, TcpHeader.RST, 0);
        put(1000, 3, SYN_ACK, 0);
        assertThat(table.size()).isEqualTo(2);
        assertThat(take(1000, 0)).containsExactly(2, 3);
        assertThat(counters.get(InterceptCounter.DELAYED_OVERWRITTEN)).isOne();
    }

    @Test
    void aRecordIsGoodForThreeSeconds() {
        put(1000, 1, SYN_ACK, 5);
        put(1001, 2, SYN_ACK, 5);
        assertThat(take(1000, 5 + LIFETIME_NS - 1)).containsExactly(1);
        assertThat(take(1001, 5 + LIFETIME_NS)).isEmpty();
        assertThat(table.size()).isZero();
        assertThat(counters.get(InterceptCounter.DELAYED_EXPIRED)).isOne();
    }

    @Test
    void whatExpiresIsCounted() {
        put(1000, 1, SYN_ACK, 0);
        put(1001, 2, SYN_ACK, 10);
        table.expire(LIFETIME_NS);
        assertThat(table.size()).isOne();
        assertThat(counters.get(InterceptCounter.DELAYED_EXPIRED)).isOne();
        assertThat(take(1001, LIFETIME_NS)).containsExactly(2);
    }

    @Test
    void whenFullTheOldestRecordGoes() {
        put(1000, 1, SYN_ACK, 0);
        put(1001, 2, SYN_ACK, 1);
        put(1002, 3, SYN_ACK, 2);
        put(1003, 4, SYN_ACK, 3);
        assertThat(table.size()).isEqualTo(3);
        assertThat(take(1000, 3)).isEmpty();
        assertThat(take(1001, 3)).containsExactly(2);
        assertThat(take(1002, 3)).containsExactly(3);
        assertThat(take(1003, 3)).containsExactly(4);
        assertThat(counters.get(InterceptCounter.DELAYED_OVERWRITTEN)).isOne();
    }

    @Test
    void placesAreUsedAgainAndAgain() {
        for (int id = 0; id < 1000; id++) {
            put(1000 + id % 5, id, SYN_ACK, id);
        }
        assertThat(table.size()).isEqualTo(3);
        assertThat(counters.get(InterceptCounter.DELAYED)).isEqualTo(1000);
        assertThat(counters.get(InterceptCounter.DELAYED_OVERWRITTEN)).isEqualTo(997);
        assertThat(take(1004, 1000)).containsExactly(999);
    }

    private void put(int clientPort, int id, int flags, long nowNs) {
        TestPacket packet = new TestPacket(clientPort, id, flags, 0);
        ByteBuffer record = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
        int length = packet.buffer.limit();
        new ResponseEncoder(TunnelFormat.COMBINED)
                .wrap(packet.buffer, 0, length, length)
                .write(0, record, 0);
        table.put(new ResponseRecord().wrap(record, 0), TestPacket.TARGET, nowNs);
    }

    private List<Integer> take(int clientPort, long nowNs) {
        List<Integer> ids = new ArrayList<>();
        ResponseRecord record = new ResponseRecord();
        while (table.take(TestPacket.CLIENT, clientPort, TestPacket.TARGET, TestPacket.TARGET_PORT, nowNs, record)) {
            ids.add(record.ip().id());
        }
        return ids;
    }
}
