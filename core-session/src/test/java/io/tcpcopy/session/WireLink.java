package io.tcpcopy.session;

import io.tcpcopy.inject.Segmenter;
import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.base.TargetLink;
import java.nio.ByteBuffer;

/** Shows packets as they are on the wire: cut to what the way takes. */
public final class WireLink implements TargetLink {
    private final Wire wire;
    private final Segmenter segmenter = new Segmenter();
    private final ByteBuffer buffer = ByteBuffer.allocate(Ipv4Header.MAX_TOTAL_LENGTH);
    private int mtu = Ipv4Header.MAX_TOTAL_LENGTH;
    private boolean room = true;

    /** Takes what goes over the wire. */
    @FunctionalInterface
    public interface Wire {
        /** Takes a packet of {@code length} bytes at index 0. */
        void packet(ByteBuffer bytes, int length);
    }

    /** A way that takes packets of any length. */
    public WireLink(Wire wire) {
        this.wire = wire;
    }

    /** From now on the way takes packets of so many bytes. */
    public void mtu(int bytes) {
        mtu = bytes;
    }

    /** Whether there is room for payload, from now on. */
    public void room(boolean isThere) {
        room = isThere;
    }

    @Override
    public void send(OutgoingPacket packet) {
        segmenter.begin(packet, mtu);
        while (segmenter.hasNext()) {
            int length = segmenter.nextLength();
            segmenter.writeNext(buffer, 0);
            wire.packet(buffer, length);
        }
    }

    @Override
    public boolean hasRoom(int address, int port) {
        return room;
    }
}
