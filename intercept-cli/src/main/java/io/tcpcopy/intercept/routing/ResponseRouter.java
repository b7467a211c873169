package io.tcpcopy.intercept.routing;

import io.tcpcopy.capture.PacketHandler;
import io.tcpcopy.intercept.report.InterceptCounter;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.tunnel.ResponseEncoder;
import io.tcpcopy.tunnel.ResponseRecord;
import io.tcpcopy.tunnel.TunnelFormat;
import java.nio.ByteBuffer;

/** Makes records of captured responses and has them routed. */
public final class ResponseRouter implements PacketHandler {
    private final Routing routing;
    private final ContainerAddress container;
    private final Counters<InterceptCounter> counters;

    private final Ipv4Header ip = new Ipv4Header();
    private final TcpHeader tcp = new TcpHeader();
    private final ResponseEncoder encoder;
    private final ByteBuffer recordBytes;
    private final ResponseRecord record = new ResponseRecord();

    /** A router that makes records of this format. */
    public ResponseRouter(
            Routing routing, TunnelFormat format, ContainerAddress container, Counters<InterceptCounter> counters) {
        this.routing = routing;
        this.container = container;
        this.counters = counters;
        encoder = new ResponseEncoder(format);
        recordBytes = ByteBuffer.allocateDirect(format.recordLength());
        record.wrap(recordBytes, 0);
    }

    @Override
    public void packet(ByteBuffer buffer, int offset, int length, int wireLength, long arrivalNs) {
        if (!isWholeResponse(buffer, offset, length)) {
            return;
        }
        counters.increment(InterceptCounter.RESPONSES);
        encoder.wrap(buffer, offset, length, wireLength);
        for (int part = 0; part < encoder.records(); part++) {
            encoder.write(part, recordBytes, 0);
            record.ip().destination(container.clientOf(record.ip().destination()));
            routing.response(record);
        }
    }

    private boolean isWholeResponse(ByteBuffer buffer, int offset, int length) {
        if (!ip.wrap(buffer, offset).isValid(length)) {
            counters.increment(InterceptCounter.INVALID);
            return false;
        }
        if (ip.protocol() != Ipv4Header.PROTOCOL_TCP) {
            counters.increment(InterceptCounter.NOT_TCP);
            return false;
        }
        counters.increment(InterceptCounter.TCP);
        if (ip.isFragment()) {
            counters.increment(InterceptCounter.FRAGMENTS);
            return false;
        }
        tcp.wrap(buffer, offset + ip.headerLength());
        int totalLength = ip.totalLength() == 0 ? length : ip.totalLength();
        if (!tcp.isValid(Math.min(length, totalLength) - ip.headerLength())) {
            counters.increment(InterceptCounter.INVALID);
            return false;
        }
        return true;
    }
}
