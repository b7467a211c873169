package io.tcpcopy.session.shed;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.RequestMark;
import io.tcpcopy.session.base.SequenceJump;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.Ledger;
import io.tcpcopy.timer.Timer;

/** A client's connection that is left out, by its address and port: as much of it as the ledger needs, and to know its end. */
final class ShedPair extends Timer {
    /** Who sends to whom, as captured. */
    final Flow captured = new Flow();

    private int iss;
    /** The number behind the payload so far. */
    private int nextSeq;

    private final RequestMark request = new RequestMark();

    private boolean established;
    private boolean finSeen;
    private boolean resetSeen;
    /** Of another SYN, which is a stray one unless the client goes on behind it. */
    private boolean otherSynSeen;

    private int otherIss;

    /** A connection that begins with this packet. */
    ShedPair(ClientPacket first) {
        captured.copyFrom(first.flow());
        begin(first.isSyn() ? first.seq() : first.seq() - 1);
    }

    private void begin(int newIss) {
        iss = newIss;
        nextSeq = newIss + 1;
        request.clear();
        established = false;
        finSeen = false;
        resetSeen = false;
        otherSynSeen = false;
    }

    /** Whether the client goes on with it, as far as is known. */
    boolean isOpen() {
        return established && !isOver();
    }

    /** Whether the client has closed or reset it. */
    boolean isOver() {
        return finSeen || resetSeen;
    }

    /** Whether the client has opened it with this SYN. */
    boolean isOpenedBy(ClientPacket syn) {
        return syn.seq() == iss;
    }

    /**
     * Takes the current part of a packet of the client; its payload goes into the ledger, of so many copies.
     *
     * @return whether the client has gone on behind another SYN than that of the connection, whose end was missed: a new one
     */
    boolean take(ClientPacket packet, int copies, Ledger ledger) {
        if (packet.isSyn()) {
            otherSynSeen |= !isOpenedBy(packet);
            otherIss = isOpenedBy(packet) ? otherIss : packet.seq();
            return false;
        }
        boolean isAnother = otherSynSeen && packet.acknowledges() && packet.seq() == otherIss + 1;
        if (isAnother) {
            begin(otherIss);
        }
        if (packet.acknowledges()) {
            request.clientHasAcknowledged(packet.ack());
            established = true;
        }
        int fresh = packet.isRst() || packet.isKeepaliveProbe() ? 0 : takePayload(packet, copies, ledger);
        noteEnd(packet, fresh);
        return isAnother;
    }

    /** Ends that are numbered elsewhere are believed by no server; and who goes on has not said them. */
    private void noteEnd(ClientPacket packet, int fresh) {
        boolean isNear = !isFar(packet.seq()) && TcpSeq.greaterThanOrEqual(packet.end(), nextSeq);
        resetSeen = packet.isRst() && isNear;
        finSeen = finSeen && fresh == 0 || packet.isFin() && isNear;
    }

    private boolean isFar(int seq) {
        return SequenceJump.isJump(TcpSeq.distance(nextSeq, seq)) || SequenceJump.isBack(seq, nextSeq);
    }

    /** Returns how many bytes were new. */
    private int takePayload(ClientPacket packet, int copies, Ledger ledger) {
        int end = packet.seq() + packet.payloadLength();
        boolean isFar = isFar(packet.seq());
        int ahead = isFar ? packet.payloadLength() : TcpSeq.distance(nextSeq, end);
        int fresh = Math.min(packet.payloadLength(), Math.max(0, ahead));
        boolean goesOn = request.isGoneOnWith(packet.ack());
        for (int copy = 0; copy < copies; copy++) {
            ledger.refused(packet.payloadLength() - fresh, false, DropReason.DUPLICATE);
            ledger.refused(fresh, fresh > 0 && !goesOn, DropReason.SHED);
        }
        if (fresh > 0 && !isFar) {
            nextSeq = end;
            request.note(packet.ack(), packet.acknowledges());
        }
        return fresh;
    }
}
