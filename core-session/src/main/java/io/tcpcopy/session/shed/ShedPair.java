package io.tcpcopy.session.shed;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.timer.Timer;

/** A client's connection that is left out, by its address and port: as much of it as the ledger needs. */
final class ShedPair extends Timer {
    /** Who sends to whom, as captured. */
    final Flow captured = new Flow();

    private int iss;
    /** The number behind the payload so far. */
    private int nextSeq;

    private boolean payloadSeen;
    private int lastAck;
    /** The client has answered the server. */
    private boolean established;

    private boolean closed;

    ShedPair(ClientPacket syn) {
        captured.copyFrom(syn.flow());
        iss = syn.seq();
        nextSeq = syn.end();
    }

    /** Whether the client goes on with it, as far as is known. */
    boolean isOpen() {
        return established && !closed;
    }

    /** Whether the client has opened it with this SYN. */
    boolean isOpenedBy(ClientPacket syn) {
        return syn.seq() == iss;
    }

    /** Takes the current part of a packet of the client; its payload goes into the ledger, of so many copies. */
    void take(ClientPacket packet, int copies, Ledger ledger) {
        if (packet.isSyn()) {
            return;
        }
        established = true;
        if (packet.payloadLength() > 0 && !packet.isRst() && !packet.isKeepaliveProbe()) {
            takePayload(packet, copies, ledger);
        }
        closed |= packet.isFin() || packet.isRst();
    }

    /** A request begins with payload that acknowledges something else than the payload before, as everywhere. */
    private void takePayload(ClientPacket packet, int copies, Ledger ledger) {
        int end = packet.seq() + packet.payloadLength();
        int fresh = Math.min(packet.payloadLength(), Math.max(0, TcpSeq.distance(nextSeq, end)));
        boolean beginsRequest = fresh > 0 && !(payloadSeen && packet.ack() == lastAck);
        for (int copy = 0; copy < copies; copy++) {
            ledger.refused(packet.payloadLength() - fresh, false, DropReason.DUPLICATE);
            ledger.refused(fresh, beginsRequest, DropReason.SHED);
        }
        if (fresh > 0) {
            nextSeq = end;
            payloadSeen = true;
            lastAck = packet.ack();
            // Whoever goes on behind an RST has not sent it.
            closed = false;
        }
    }
}
