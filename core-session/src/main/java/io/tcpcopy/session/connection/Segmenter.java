package io.tcpcopy.session.connection;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.emit.PacketWriter;
import io.tcpcopy.session.window.Packet;
import io.tcpcopy.session.window.SendWindow;

/** Cuts packets of the window: to what the path takes, to what the target's window takes, and off what was sent before. */
final class Segmenter {
    private final Tcb tcb;
    private final SendWindow window;
    private final PacketWriter writer;
    private final SessionContext context;

    Segmenter(Tcb tcb, SendWindow window, SessionContext context) {
        this.tcb = tcb;
        this.window = window;
        this.writer = context.writer;
        this.context = context;
    }

    /** How much of a packet's payload may leave in one packet, in bytes: what the MTU leaves, and at least one. */
    int fittingPayload(Packet packet) {
        int mostPayload = Math.max(1, context.mtu() - (packet.length() - packet.payloadLength()));
        return Math.min(packet.payloadLength(), mostPayload);
    }

    /**
     * Makes a packet of its own of the first bytes of another one, which stays behind it with the rest.
     *
     * @param bytes of payload; if that is all there is, the packet stays as it is
     * @return the packet with these bytes
     */
    Packet head(Packet packet, int bytes) {
        if (bytes == packet.payloadLength()) {
            return packet;
        }
        Packet head = writer.split(packet, bytes);
        window.putHead(head, packet);
        return head;
    }

    /** The first packet with anything unacknowledged, to be sent again; of one above the MTU, the part that fits. */
    Packet firstToRepeat() {
        Packet packet = fittingHead(window.first());
        while (TcpSeq.lessThanOrEqual(packet.end(), tcb.sndUna)) {
            packet = fittingHead(packet.next());
        }
        return packet;
    }

    private Packet fittingHead(Packet packet) {
        return head(packet, fittingPayload(packet));
    }

    /** Takes payload that was sent before off the next unsent packet. */
    void trimNextUnsent(int bytes) {
        writer.trim(window.nextUnsent(), bytes);
        window.trimmedNextUnsent(bytes);
    }
}
