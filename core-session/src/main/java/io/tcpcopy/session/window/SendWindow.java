package io.tcpcopy.session.window;

import io.tcpcopy.packet.Ipv4Header;
import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.base.RequestMark;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.ledger.HeldPayload;
import io.tcpcopy.session.ledger.Ledger;
import java.nio.ByteBuffer;

/**
 * The packets of a session that the target has not wholly acknowledged, in the order of their numbers: first those that
 * were sent, then those that wait. What becomes of their payload is entered in the ledger here.
 */
public final class SendWindow {
    private final Ledger ledger;
    private final HeldPayload held;
    private final PacketPool pool;

    private Packet first;
    private Packet last;
    private Packet nextUnsent;
    private int unsentPayloads;
    private int requests;
    private int endSeq;

    /** An empty window, of packets from this pool. */
    public SendWindow(Ledger ledger, HeldPayload held, PacketPool pool) {
        this.ledger = ledger;
        this.held = held;
        this.pool = pool;
    }

    /** The first packet that is not wholly acknowledged, or null. */
    public Packet first() {
        return first;
    }

    /** The first packet with payload that is not wholly acknowledged, or null. */
    public Packet firstPayload() {
        Packet packet = first;
        while (packet != null && packet.payloadLength() == 0) {
            packet = packet.next;
        }
        return packet;
    }

    /** The packet that is sent next, or null. */
    public Packet nextUnsent() {
        return nextUnsent;
    }

    /** The last packet, or null. */
    public Packet last() {
        return last;
    }

    /**
     * The number behind the highest byte, or FIN, of the packets since the window was empty. It need not be the last packet's: a
     * repetition may begin before that and end behind it.
     */
    public int endSeq() {
        return endSeq;
    }

    /** How many requests there are whose beginning is not acknowledged. */
    public int requests() {
        return requests;
    }

    /** Whether there is no packet. */
    public boolean isEmpty() {
        return first == null;
    }

    /** Whether payload waits to be sent. */
    public boolean hasUnsentPayload() {
        return unsentPayloads > 0;
    }

    /** Whether there is payload, sent or not, that is not acknowledged. */
    public boolean hasPayload() {
        return hasUnsentPayload() || hasSentPayload();
    }

    private boolean hasSentPayload() {
        for (Packet packet = first; packet != null && packet.sent; packet = packet.next) {
            if (packet.payloadLength() > 0) {
                return true;
            }
        }
        return false;
    }

    /**
     * The packet behind which a new one belongs, or null for the front. Most packets come in order: the search begins at
     * the end.
     */
    public Packet predecessor(Packet added) {
        Packet packet = last;
        while (packet != null && !packet.sent && isBehind(packet, added)) {
            packet = packet.previous;
        }
        return packet;
    }

    private static boolean isBehind(Packet packet, Packet added) {
        return TcpSeq.greaterThan(packet.seq(), added.seq())
                || packet.seq() == added.seq() && packet.rank() > added.rank();
    }

    /** A packet that begins with this number and has so many payload bytes, sent or not. Null if there is none. */
    public Packet find(int seq, int payloadLength) {
        for (Packet packet = last;
                packet != null && TcpSeq.greaterThanOrEqual(packet.seq(), seq);
                packet = packet.previous) {
            if (packet.seq() == seq && packet.payloadLength() == payloadLength) {
                return packet;
            }
        }
        return null;
    }

    /**
     * Up to which number the window holds everything from a number on, in however many packets; that number where it holds nothing
     * of it.
     */
    public int heldUntil(int seq) {
        Packet earliest = null;
        for (Packet packet = last; packet != null && mayReach(packet, seq); packet = packet.previous) {
            earliest = packet;
        }
        int until = seq;
        for (Packet packet = earliest;
                packet != null && TcpSeq.lessThanOrEqual(packet.seq(), until);
                packet = packet.next) {
            until = TcpSeq.max(until, packet.end());
        }
        return until;
    }

    /**
     * Whether the window holds other bytes for numbers of a payload than the payload has.
     *
     * @param seq number of the first byte
     * @param buffer that holds the payload
     * @param offset of the first byte
     * @param length in bytes
     */
    public boolean conflicts(int seq, ByteBuffer buffer, int offset, int length) {
        for (Packet packet = last; packet != null && mayReach(packet, seq); packet = packet.previous) {
            int from = Math.max(0, TcpSeq.distance(seq, packet.seq()));
            int to = Math.min(length, TcpSeq.distance(seq, packet.seq() + packet.payloadLength()));
            int held = packet.payloadOffset() + TcpSeq.distance(packet.seq(), seq + from);
            if (from < to && !isEqual(packet.buffer(), held, buffer, offset + from, to - from)) {
                return true;
            }
        }
        return false;
    }

    /** Whether a packet may have bytes up to a number, by where it begins: none is longer than an IPv4 packet. */
    private static boolean mayReach(Packet packet, int seq) {
        return TcpSeq.greaterThan(packet.seq(), seq - Ipv4Header.MAX_TOTAL_LENGTH);
    }

    private static boolean isEqual(ByteBuffer held, int heldOffset, ByteBuffer other, int otherOffset, int length) {
        for (int i = 0; i < length; i++) {
            if (held.get(heldOffset + i) != other.get(otherOffset + i)) {
                return false;
            }
        }
        return true;
    }

    /** Puts a packet that was not sent yet behind its predecessor, or in front of all others if that is null. */
    public void insert(Packet packet, Packet predecessor) {
        Packet follower = predecessor == null ? first : predecessor.next;
        packet.beginsRequest = false;
        packet.sent = false;
        packet.left = false;
        packet.sentWhole = false;
        packet.previous = predecessor;
        packet.next = follower;
        if (predecessor == null) {
            first = packet;
        } else {
            predecessor.next = packet;
        }
        if (follower == null) {
            last = packet;
        } else {
            follower.previous = packet;
        }
        if (follower == nextUnsent) {
            nextUnsent = packet;
        }
        endSeq = first == last ? packet.end() : TcpSeq.max(endSeq, packet.end());
        unsentPayloads += packet.payloadLength() > 0 ? 1 : 0;
        ledger.captured(packet.payloadLength());
        held.entered(packet.payloadLength());
    }

    /** A packet of the window begins a request: a new one, or the one that was taken to begin behind it. */
    public void beginRequest(Packet packet) {
        Packet follower = packet.next;
        if (follower != null
                && follower.beginsRequest
                && RequestMark.isNoNewer(follower.clientAck(), packet.clientAck())) {
            follower.beginsRequest = false;
        } else {
            requests++;
            ledger.requestBegins();
            held.requestBegins();
        }
        packet.beginsRequest = true;
    }

    /** A part of the next unsent packet has left for the first time. */
    public void markPartSent() {
        nextUnsent.sent = true;
        nextUnsent.left = true;
    }

    /** The next unsent packet, or the rest of it, has left for the first time. */
    public void markSent() {
        nextUnsent.sent = true;
        nextUnsent.left = true;
        nextUnsent.sentWhole = true;
        unsentPayloads -= nextUnsent.payloadLength() > 0 ? 1 : 0;
        nextUnsent = nextUnsent.next;
    }

    /** Makes every packet wait again: the target's connection begins anew. */
    public void markAllUnsent() {
        nextUnsent = first;
        unsentPayloads = 0;
        for (Packet packet = first; packet != null; packet = packet.next) {
            packet.sent = false;
            packet.sentWhole = false;
            unsentPayloads += packet.payloadLength() > 0 ? 1 : 0;
        }
    }

    /** Takes the first payload bytes off the next unsent packet, of which nothing has left: they were sent before. */
    public void trimNextUnsent(int bytes) {
        nextUnsent.trim(bytes);
        boolean wasAll = nextUnsent.payloadLength() == 0;
        boolean endsRequest = wasAll && nextUnsent.beginsRequest;
        ledger.trimmed(bytes, endsRequest, DropReason.OLD_PART);
        held.trimmed(bytes);
        if (wasAll) {
            unsentPayloads--;
        }
        if (endsRequest) {
            nextUnsent.beginsRequest = false;
            requests--;
            held.requestGone();
        }
    }

    /** Takes a packet out that the target has wholly acknowledged. */
    public void deliver(Packet packet) {
        ledger.delivered(packet.payloadLength(), packet.beginsRequest);
        unlink(packet);
    }

    /**
     * Takes a packet out that will not be delivered.
     *
     * @param sndUna what the target acknowledged: payload before it counts as delivered
     */
    public void drop(Packet packet, int sndUna, DropReason reason) {
        ledger.dropped(
                packet.payloadLength(), packet.left ? packet.payloadBefore(sndUna) : 0, packet.beginsRequest, reason);
        unlink(packet);
    }

    /** Takes every packet out; see {@link #drop}. */
    public void dropAll(int sndUna, DropReason reason) {
        while (first != null) {
            drop(first, sndUna, reason);
        }
    }

    private void unlink(Packet packet) {
        if (packet == nextUnsent) {
            nextUnsent = packet.next;
        }
        if (!packet.sentWhole && packet.payloadLength() > 0) {
            unsentPayloads--;
        }
        requests -= packet.beginsRequest ? 1 : 0;
        if (packet.previous == null) {
            first = packet.next;
        } else {
            packet.previous.next = packet.next;
        }
        if (packet.next == null) {
            last = packet.previous;
        } else {
            packet.next.previous = packet.previous;
        }
        held.left(packet.payloadLength(), packet.beginsRequest);
        pool.release(packet);
    }
}
