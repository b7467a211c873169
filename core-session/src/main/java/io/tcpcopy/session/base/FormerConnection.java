package io.tcpcopy.session.base;

import io.tcpcopy.packet.TcpSeq;

/** How far a session had come that the one of the same client's address and port follows: what it had is no loss. */
public final class FormerConnection {
    /** Bytes that a client has under way at most, mostly. */
    private static final int WINDOW = 1 << 20;
    /** Bytes. Where more is missing, it is of packets that were not captured: nobody repeats it. */
    private static final int MAX_AHEAD = 1 << 16;

    private boolean known;
    private boolean joinedMidStream;
    private boolean clientLeft;
    private boolean synKnown;
    private int synSeq;
    private int synId;
    private int firstSeq;
    private int inOrderSeq;
    private int lastSeq;
    private int holeSeq;
    private int holeEndSeq;
    private SessionCounter earlyEnd;

    /** None is known. */
    public FormerConnection() {}

    /** None is known. */
    public void clear() {
        known = false;
        earlyEnd = null;
    }

    /**
     * Notes what the session had.
     *
     * @param midStream whether it began in the middle of the client's connection
     * @param left whether the client has closed or reset its connection
     * @param first the lowest number
     * @param inOrder the number behind the last one before which nothing is missing
     * @param last the number behind the last one
     */
    public void ended(boolean midStream, boolean left, int first, int inOrder, int last) {
        known = true;
        synKnown = false;
        joinedMidStream = midStream;
        clientLeft = left;
        firstSeq = first;
        inOrderSeq = inOrder;
        lastSeq = last;
    }

    /** Notes that bytes between two numbers were given up. */
    public void missed(int begin, int end) {
        holeSeq = begin;
        holeEndSeq = end;
    }

    /** Notes that payload came behind the session's end, which was not taken. */
    public void refused(int seq, int endSeq) {
        if (TcpSeq.lessThanOrEqual(seq, inOrderSeq)) {
            inOrderSeq = TcpSeq.max(inOrderSeq, endSeq);
        }
        lastSeq = TcpSeq.max(lastSeq, endSeq);
    }

    /** Notes the number and the IP identification of the SYN that the client opened the connection with. */
    public void openedBy(int seq, int id) {
        synKnown = true;
        synSeq = seq;
        synId = id;
    }

    /** Notes the same as the session before knew, if that had the beginning of the connection that this one was joined to. */
    public void openedAs(FormerConnection before) {
        if (before.isJoinedAt(firstSeq) && before.synKnown) {
            openedBy(before.synSeq, before.synId);
        }
    }

    private boolean isJoinedAt(int seq) {
        return mayGoOn() && isNear(seq, WINDOW);
    }

    /** Makes this the same as another one. */
    public void copyFrom(FormerConnection other) {
        known = other.known;
        joinedMidStream = other.joinedMidStream;
        synKnown = other.synKnown;
        synSeq = other.synSeq;
        synId = other.synId;
        clientLeft = other.clientLeft;
        firstSeq = other.firstSeq;
        inOrderSeq = other.inOrderSeq;
        lastSeq = other.lastSeq;
        holeSeq = other.holeSeq;
        holeEndSeq = other.holeEndSeq;
        earlyEnd = other.earlyEnd;
    }

    /** Notes as what it counts when the target ends the session's connection early; null where nothing told. */
    public void earlyEnd(SessionCounter kind) {
        earlyEnd = kind;
    }

    /** As what it counts when the target ends a connection early that goes on with this one, or null. */
    public SessionCounter earlyEnd() {
        return earlyEnd;
    }

    /** Whether the client may go on with the connection, which was ended here or by the target. */
    public boolean mayGoOn() {
        return known && !clientLeft;
    }

    /** Whether the client opened the connection with a SYN of this number, as far as is known. */
    public boolean isOpenedBy(int seq) {
        return known && synKnown && seq == synSeq;
    }

    /** Whether the client opened with a SYN of this number what another session was joined to at {@code joinedSeq}. */
    public boolean isOpenedBy(int seq, int joinedSeq) {
        return isOpenedBy(seq) && isJoinedAt(joinedSeq);
    }

    /** Whether a SYN is the one by which the client opened the connection, and which it repeats, since it has not gone on. */
    public boolean isSynRepeated(int seq) {
        return isOpenedBy(seq) && !clientLeft && inOrderSeq == seq + 1;
    }

    /**
     * Whether a SYN is the one by which the client opened the connection, and that the network has doubled: the client had gone on behind it,
     * so it has no reason to repeat it.
     */
    public boolean isSynDoubled(int seq, int id) {
        return isOpenedBy(seq) && id == synId && !isSynRepeated(seq);
    }

    /**
     * Whether payload comes late that the client had sent before it closed or reset the connection, and its server does not take any more. A
     * new connection of the same address and port begins further ahead.
     */
    public boolean isOvertaken(int seq) {
        return clientLeft && isNear(seq, WINDOW);
    }

    /**
     * With which number the client goes on, of which payload of this number came first: what is missing before that is on its way, or lost
     * on it and comes again. Half a request helps nobody.
     */
    public int goesOnWith(int seq) {
        int ahead = TcpSeq.distance(lastSeq, seq);
        return mayGoOn() && ahead > 0 && ahead <= MAX_AHEAD ? lastSeq : seq;
    }

    /** Whether a number lies behind the last one, and not so far that it is of another connection. */
    public boolean isFollowedBy(int seq) {
        int ahead = TcpSeq.distance(lastSeq, seq);
        return known && ahead >= 0 && !SequenceJump.isJump(ahead);
    }

    /** Whether the client goes on with this number, and nothing is missing before it. */
    public boolean isNext(int seq) {
        return mayGoOn() && seq == lastSeq && seq == inOrderSeq;
    }

    /** Whether a number is one of the client's connection before the session was joined to it. */
    public boolean isBeforeJoined(int seq) {
        return known && joinedMidStream && TcpSeq.lessThan(seq, firstSeq) && !SequenceJump.isBack(seq, lastSeq);
    }

    /**
     * How many of a payload's first bytes the session had, or was missing before others that it had; none if it is numbered
     * below, so that it is of another one.
     *
     * @param seq number of the first byte
     * @param length of the payload in bytes
     */
    public int payloadReached(int seq, int length) {
        if (!known || TcpSeq.lessThan(seq, firstSeq) || SequenceJump.isBack(seq, lastSeq)) {
            return 0;
        }
        return bytesBefore(lastSeq, seq, length);
    }

    /** How many bytes of a payload the session had for certain; the others of {@link #payloadReached} were missing. */
    public int payloadHad(int seq, int length) {
        int reached = payloadReached(seq, length);
        int givenUp = bytesBefore(holeEndSeq, seq, reached) - bytesBefore(holeSeq, seq, reached);
        int awaited = reached - bytesBefore(inOrderSeq, seq, reached);
        return reached - givenUp - awaited;
    }

    private static int bytesBefore(int end, int seq, int length) {
        return Math.max(0, Math.min(length, TcpSeq.distance(seq, end)));
    }

    /** Whether the session had come past what lies between these numbers, and had begun before it. */
    public boolean spans(int begin, int end) {
        return known && TcpSeq.lessThanOrEqual(firstSeq, begin) && TcpSeq.lessThanOrEqual(end, lastSeq);
    }

    /** Whether a number is no more than {@code range} before or behind the last one. */
    public boolean isNear(int seq, int range) {
        return known && TcpSeq.inWindow(seq, lastSeq - range, 2 * range);
    }
}
