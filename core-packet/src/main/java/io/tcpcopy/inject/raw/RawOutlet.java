package io.tcpcopy.inject.raw;

import io.tcpcopy.inject.MessageBatch;
import io.tcpcopy.inject.Outlet;
import io.tcpcopy.inject.Segmenter;
import io.tcpcopy.net.SocketAddress;
import io.tcpcopy.net.StartException;
import io.tcpcopy.packet.OutgoingPacket;

/** IP packets leave through a {@link RawSocket}: segments and fragments, each a message, which the kernel routes. */
public final class RawOutlet implements Outlet {
    private final RawSocket socket;
    private final Segmenter segmenter = new Segmenter();

    /**
     * Opens the socket.
     *
     * @throws StartException when the capability CAP_NET_RAW is missing
     */
    public RawOutlet() throws StartException {
        socket = new RawSocket();
    }

    @Override
    public int fd() {
        return socket.fd();
    }

    @Override
    public int addressLength() {
        return SocketAddress.IPV4_LENGTH;
    }

    @Override
    public boolean write(OutgoingPacket packet, int target, int mtu, MessageBatch batch) {
        segmenter.begin(packet, mtu);
        if (!batch.hasRoom(segmenter.parts(), segmenter.partsLength())) {
            return false;
        }
        while (segmenter.hasNext()) {
            int offset = batch.add(segmenter.nextLength(), target);
            segmenter.writeNext(batch.bytes(), offset);
            SocketAddress.putIpv4(
                    batch.addresses(), batch.addressOffset(), packet.ip().destination(), 0);
        }
        batch.endPacket();
        return true;
    }

    @Override
    public int send(MessageBatch batch, int index, int number) {
        return socket.send(batch, index, number);
    }

    @Override
    public void close() {
        socket.close();
    }
}
