package io.tcpcopy.intercept.routing;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.tunnel.CapturedResponse;
import io.tcpcopy.tunnel.ResponseHandler;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.ResponseVerdict;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;

/** Counts what is captured, makes records of the responses among it and hands them on, mostly to a {@link Routing}. */
public final class ResponseRouter implements PacketHandler {
    private final ResponseHandler handler;
    private final ContainerAddress container;
    private final Counters<InterceptCounter> counters;

    private final CapturedResponse response;
    private final ByteBuffer recordBytes;
    private final ResponseRecord record = new ResponseRecord();

    /** A router that makes records of this format. */
    public ResponseRouter(
            ResponseHandler handler,
            TunnelFormat format,
            ContainerAddress container,
            Counters<InterceptCounter> counters) {
        this.handler = handler;
        this.container = container;
        this.counters = counters;
        response = new CapturedResponse(format);
        recordBytes = ByteBuffer.allocateDirect(format.recordLength());
        record.wrap(recordBytes, 0);
    }

    @Override
    public void packet(CapturedPacket packet) {
        ResponseVerdict verdict = response.parse(packet);
        count(verdict);
        if (verdict == ResponseVerdict.WHOLE) {
            route();
        }
    }

    private void count(ResponseVerdict verdict) {
        switch (verdict) {
            case INVALID_IPV4 -> counters.increment(InterceptCounter.INVALID);
            case NOT_TCP -> counters.increment(InterceptCounter.NOT_TCP);
            case FRAGMENT -> countTcp(InterceptCounter.FRAGMENTS);
            case INVALID_TCP -> countTcp(InterceptCounter.INVALID);
            case BAD_CHECKSUM -> countTcp(InterceptCounter.BAD_CHECKSUM);
            case WHOLE -> countTcp(InterceptCounter.RESPONSES);
        }
    }

    private void countTcp(InterceptCounter kind) {
        counters.increment(InterceptCounter.TCP);
        counters.increment(kind);
    }

    private void route() {
        for (int part = 0; part < response.records(); part++) {
            response.write(part, recordBytes, 0);
            record.ip().destination(container.clientOf(record.ip().destination()));
            handler.response(record);
        }
    }
}
