package io.tcpcopy.intercept.routing;

import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseRecord;

/** Counts responses that go nowhere, by kind. */
final class NotRouted {
    private final Counters<InterceptCounter> counters;

    NotRouted(Counters<InterceptCounter> counters) {
        this.counters = counters;
    }

    void count(ResponseRecord record) {
        counters.increment(kind(record));
    }

    private static InterceptCounter kind(ResponseRecord record) {
        if (record.tcp().has(TcpHeader.SYN | TcpHeader.RST)) {
            return InterceptCounter.NOT_ROUTED_SYN_RST;
        }
        if (record.tcp().has(TcpHeader.FIN)) {
            return InterceptCounter.NOT_ROUTED_FIN;
        }
        return record.payloadLength() > 0 ? InterceptCounter.NOT_ROUTED_PAYLOAD : InterceptCounter.NOT_ROUTED_ACK;
    }
}
