package io.tcpcopy.intercept.routing;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Captured;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.CapturedResponse;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.ResponseVerdict;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class DelayTableTest {
    private static final int CAPACITY = 3;
    private static final int SYN_ACK = TcpHeader.SYN | TcpHeader.ACK;
    private static final long LIFETIME_NS = TimeUnit.SECONDS.toNanos(3);

    private final Counters<InterceptCounter> counters = new Counters<>(InterceptCounter.class);
    private final DelayTable table = new DelayTable(CAPACITY, ResponseRecord.HEADERS_LENGTH, counters);

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

    private record Waiting(int clientPort, int flags, int id) {
        private boolean isReplacedBy(Waiting other) {
            return clientPort == other.clientPort && flags == other.flags;
        }
    }

    @Property
    void behavesLikeAListInOrderOfArrival(@ForAll @Size(max = 200) List<@IntRange(max = 2) Integer> actions) {
        List<Waiting> model = new ArrayList<>();
        int step = 0;
        for (int action : actions) {
            step++;
            // Few connections, so that they meet often.
            int clientPort = 1000 + step * 7 % 4;
            if (action == 0) {
                assertThat(take(clientPort, 0)).isEqualTo(takeFrom(model, clientPort));
            } else {
                Waiting waiting = new Waiting(clientPort, action == 1 ? SYN_ACK : TcpHeader.RST, step);
                if (!model.removeIf(former -> former.isReplacedBy(waiting)) && model.size() == CAPACITY) {
                    model.remove(0);
                }
                model.add(waiting);
                put(clientPort, step, waiting.flags, 0);
            }
            assertThat(table.size()).isEqualTo(model.size());
        }
        for (int clientPort = 1000; clientPort < 1004; clientPort++) {
            assertThat(take(clientPort, 0)).isEqualTo(takeFrom(model, clientPort));
        }
    }

    private static List<Integer> takeFrom(List<Waiting> model, int clientPort) {
        List<Integer> ids = model.stream()
                .filter(waiting -> waiting.clientPort == clientPort)
                .map(Waiting::id)
                .toList();
        model.removeIf(waiting -> waiting.clientPort == clientPort);
        return ids;
    }

    private void put(int clientPort, int id, int flags, long nowNs) {
        TestPacket packet = new TestPacket(clientPort, id, flags, 0);
        ByteBuffer record = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
        CapturedResponse response = new CapturedResponse(TunnelFormat.COMBINED);
        assertThat(response.parse(Captured.whole(packet.buffer))).isEqualTo(ResponseVerdict.WHOLE);
        response.write(0, record, 0);
        table.put(new ResponseRecord().wrap(record, 0), TestPacket.flow(clientPort), nowNs);
    }

    private List<Integer> take(int clientPort, long nowNs) {
        List<Integer> ids = new ArrayList<>();
        ResponseRecord record = new ResponseRecord();
        while (table.take(TestPacket.flow(clientPort), nowNs, record)) {
            ids.add(record.ip().id());
        }
        return ids;
    }
}
