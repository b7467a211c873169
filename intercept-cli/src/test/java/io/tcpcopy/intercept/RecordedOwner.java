package io.tcpcopy.intercept;

import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keeps the IP ids of the records that it gets, and the last record. */
final class RecordedOwner extends RouteOwner {
    final List<Integer> ids = new ArrayList<>();
    final ResponseRecord last = new ResponseRecord();

    @Override
    void append(ByteBuffer buffer, int offset) {
        ByteBuffer copy = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
        copy.put(0, buffer, offset, ResponseRecord.HEADERS_LENGTH);
        last.wrap(copy, 0);
        ids.add(last.ip().id());
    }
}
