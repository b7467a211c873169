package io.tcpcopy.session;

import io.tcpcopy.packet.TcpSeq;

/**
 * The packets of a session that the target has not wholly acknowledged, in the order of their numbers: first those that
 * were sent, then those that wait.
 */
final class SendWindow {
    private final SessionContext context;

    private Packet first;
    private Packet last;
    private Packet nextUnsent;
    private int size;
    private int unsentPayloads;

    SendWindow(SessionContext context) {
        this.context = context;
    }

    /** The first packet that is not wholly acknowledged, or null. */
    Packet first() {
        return first;
    }

    /** The packet that is sent next, or null. */
    Packet nextUnsent() {
        return nextUnsent;
    }

    /** The last packet, or null. */
    Packet last() {
        return last;
    }

    int size() {
        return size;
    }

    boolean isEmpty() {
        return first == null;
    }

    /** Whether payload waits to be sent. */
    boolean hasUnsentPayload() {
        return unsentPayloads > 0;
    }

    /** Whether there is payload, sent or not, that is not acknowledged. */
    boolean hasPayload() {
        return hasUnsentPayload() || firstPayload() != null;
    }

    private Packet firstPayload() {
        for (Packet packet = first; packet != null && packet.sent; packet = packet.next) {
            if (packet.payloadLength > 0) {
                return packet;
            }
        }
        return null;
    }

    /**
     * The packet behind which a new one belongs, or null for the front. Most packets come in order: the search begins at
     * the end.
     */
    Packet predecessor(Packet added) {
        Packet packet = last;
        while (packet != null && !packet.sent && isBehind(packet, added)) {
            packet = packet.previous;
        }
        return packet;
    }

    private static boolean isBehind(Packet packet, Packet added) {
        return TcpSeq.greaterThan(packet.seq, added.seq) || packet.seq == added.seq && packet.rank() > added.rank();
    }

    /** A packet with the same numbers as a client packet, sent or not; or null. */
    Packet findEqual(ClientPacket client) {
        for (Packet packet = last;
                packet != null && TcpSeq.greaterThanOrEqual(packet.seq, client.seq());
                packet = packet.previous) {
            if (packet.seq == client.seq()
                    && packet.payloadLength == client.payloadLength()
                    && packet.isFin() == client.isFin()) {
                return packet;
            }
        }
        return null;
    }

    /** Puts a packet that was not sent yet behind its predecessor. */
    void insert(Packet packet, Packet predecessor) {
        Packet follower = predecessor == null ? first : predecessor.next;
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
        size++;
        unsentPayloads += packet.payloadLength > 0 ? 1 : 0;
        context.ledger.captured(packet);
        context.held.entered(packet);
    }

    /** A packet of the window begins a request: a new one, or the one that was taken to begin behind it. */
    void beginRequest(Packet packet) {
        Packet follower = packet.next;
        if (follower != null && follower.beginsRequest && follower.clientAck == packet.clientAck) {
            follower.beginsRequest = false;
        } else {
            context.ledger.requestBegins();
            context.held.requestBegins();
        }
        packet.beginsRequest = true;
    }

    /** The next unsent packet has left for the first time. */
    void markSent() {
        nextUnsent.sent = true;
        unsentPayloads -= nextUnsent.payloadLength > 0 ? 1 : 0;
        nextUnsent = nextUnsent.next;
    }

    /** Makes every packet wait again: the target's connection begins anew. */
    void markAllUnsent() {
        nextUnsent = first;
        unsentPayloads = 0;
        for (Packet packet = first; packet != null; packet = packet.next) {
            packet.sent = false;
            unsentPayloads += packet.payloadLength > 0 ? 1 : 0;
        }
    }

    /** Takes payload that was sent before off the next unsent packet. */
    void trimNextUnsent(Session session, int bytes) {
        context.ledger.trimmed(nextUnsent, bytes, DropReason.OLD_PART);
        context.held.trimmed(bytes);
        context.segments.trim(session, nextUnsent, bytes);
        if (nextUnsent.payloadLength == 0) {
            unsentPayloads--;
            if (nextUnsent.beginsRequest) {
                nextUnsent.beginsRequest = false;
                context.held.requestGone();
            }
        }
    }

    /** Takes a packet out that the target has wholly acknowledged. */
    void deliver(Packet packet) {
        context.ledger.delivered(packet);
        unlink(packet);
    }

    /**
     * Takes a packet out that will not be delivered.
     *
     * @param sndUna what the target acknowledged: payload before it counts as delivered
     */
    void drop(Packet packet, int sndUna, DropReason reason) {
        context.ledger.dropped(packet, packet.sent ? packet.payloadBefore(sndUna) : 0, reason);
        unlink(packet);
    }

    /** Takes every packet out; see {@link #drop}. */
    void dropAll(int sndUna, DropReason reason) {
        while (first != null) {
            drop(first, sndUna, reason);
        }
    }

    /** The first packet with anything unacknowledged, to be sent again; of one above the MTU, the part that fits. */
    Packet firstToRepeat(Session session) {
        Packet packet = fitting(session, first);
        while (TcpSeq.lessThanOrEqual(packet.end(), session.sndUna())) {
            packet = fitting(session, packet.next);
        }
        return packet;
    }

    private Packet fitting(Session session, Packet packet) {
        return front(session, packet, Math.min(packet.payloadLength, context.segments.most(packet)));
    }

    /**
     * Makes a packet of its own of the first bytes of another one, which stays behind it with the rest.
     *
     * @param bytes of payload; if that is all there is, the packet stays as it is
     * @return the packet with these bytes
     */
    Packet front(Session session, Packet packet, int bytes) {
        if (bytes == packet.payloadLength) {
            return packet;
        }
        Packet head = context.segments.split(session, packet, bytes);
        head.previous = packet.previous;
        head.next = packet;
        if (packet.previous == null) {
            first = head;
        } else {
            packet.previous.next = head;
        }
        packet.previous = head;
        if (packet == nextUnsent) {
            nextUnsent = head;
        }
        size++;
        unsentPayloads += head.sent ? 0 : 1;
        return head;
    }

    private void unlink(Packet packet) {
        if (packet == nextUnsent) {
            nextUnsent = packet.next;
        }
        if (!packet.sent && packet.payloadLength > 0) {
            unsentPayloads--;
        }
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
        size--;
        context.held.left(packet);
        context.pool.release(packet);
    }
}
