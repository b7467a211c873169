package io.tcpcopy.intercept.routing;

import io.tcpcopy.flow.Address;
import io.tcpcopy.tunnel.ResponseRecord;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Keeps the IP ids of the records that it gets, the headers of the last record, and why it was closed. */
final class RecordedOwner extends RouteOwner {
    final List<Integer> ids = new ArrayList<>();
    final ResponseRecord last = new ResponseRecord();
    /** Why it was closed; null while it is not. */
    String closed;

    private final Address address;

    /** Is connected from an address that many have. */
    RecordedOwner() {
        this("10.2.0.1");
    }

    RecordedOwner(String address) {
        this.address = Address.parse(address).orElseThrow();
    }

    @Override
    public Address address() {
        return address;
    }

    @Override
    public void append(ByteBuffer buffer, int offset) {
        ByteBuffer copy = ByteBuffer.allocate(ResponseRecord.HEADERS_LENGTH);
        copy.put(0, buffer, offset, ResponseRecord.HEADERS_LENGTH);
        last.wrap(copy, 0);
        ids.add(last.ip().id());
    }

    @Override
    public void close(String reason) {
        closed = reason;
    }
}
