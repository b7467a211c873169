package io.tcpcopy.tcpcopy.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.tcpcopy.packet.TcpHeader;
import io.tcpcopy.packet.TcpSeq;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of a client's connection: which of its bytes were captured, which arrived at the target, and what the
 * session was told of that.
 */
final class CopiedConnection {

    private final Ends ends;
    private final Plan plan;
    private final long stream;
    private final int iss;
    private final BitSet captured = new BitSet();
    private final BitSet arrived = new BitSet();
    /** Where keepalive probes had a byte that is none of the client's. */
    private final BitSet garbage = new BitSet();

    /** What the session knew to be acknowledged when it sent a SYN of a number first. */
    private final Map<Integer, Integer> acknowledgedAtSyn = new HashMap<>();

    private int skipped;
    private int uncaptured;
    private int probes;
    /** When the bytes before a place in the stream were captured first. */
    private final TreeMap<Integer, Long> captureNs = new TreeMap<>();

    private long lagNs;
    private Tcp target;
    /** When the client's first FIN or RST was captured; 0 if none was. */
    private long endCapturedNs;

    private long closingLagNs = Long.MAX_VALUE;
    private boolean unanswered;
    private long bytesOfTarget;
    private boolean clientAborted;
    private boolean notRouted;
    private boolean stray;
    private boolean unheard;
    private int syns;
    private long capturedNs;
    private long lastCapturedNs;
    private long longestPauseNs;
    private long startDelayNs;
    private boolean resetFromNowhere;
    private boolean givenUpByTarget;
    private boolean seen;
    private int synsOfClient;
    private int targetConnections;
    private int acknowledged;
    private int sentAgain;
    private int capturedAgain;
    private int capturedLate;

    /** {@code uncaptured}: how many of its first packets pass before the capture begins. */
    CopiedConnection(Ends ends, Plan plan, long stream, int iss, int uncaptured) {
        this.uncaptured = uncaptured;
        this.ends = ends;
        this.plan = plan;
        this.stream = stream;
        this.iss = iss;
    }

    Ends ends() {
        return ends;
    }

    Plan plan() {
        return plan;
    }

    long stream() {
        return stream;
    }

    int iss() {
        return iss;
    }

    /** Place in the client's stream of a sequence number. */
    int position(int number) {
        return TcpSeq.distance(iss + 1 + skipped, number);
    }

    /** Whether a number is one of this connection, from its SYN to behind its FIN. */
    boolean owns(int number) {
        if (plan.has(Behaviour.LONG_REQUEST)) {
            // It has its address for itself.
            return true;
        }
        int position = position(number);
        return position >= -1 && position <= plan.length() + 1;
    }

    /** The client gave up, or was reset. */
    void clientAborted() {
        clientAborted = true;
    }

    /** There is no such connection: its SYN comes from nowhere. */
    void neverOpened() {
        stray = true;
        clientAborted = true;
    }

    /** Whether anything was captured that shows that there is such a connection. */
    boolean isSeen() {
        return seen;
    }

    /** Whether more than one SYN of the client was captured. */
    boolean isSynRepeated() {
        return synsOfClient > 1;
    }

    boolean isStray() {
        return stray;
    }

    /** Nothing that the target answers to it is captured. */
    void remainsUnheard() {
        unheard = true;
    }

    boolean isUnheard() {
        return unheard;
    }

    /** An RST from nowhere, which is numbered exactly, ends it. */
    void resetFromNowhere() {
        resetFromNowhere = true;
    }

    boolean isResetFromNowhere() {
        return resetFromNowhere;
    }

    /** Nobody acknowledged what the target said. */
    void targetGaveUp() {
        givenUpByTarget = true;
    }

    boolean isGivenUpByTarget() {
        return givenUpByTarget;
    }

    boolean isClientAborted() {
        return clientAborted;
    }

    /** A session of it could perhaps not start, since there was no intercept. */
    void notRouted() {
        notRouted = true;
    }

    boolean isNotRouted() {
        return notRouted;
    }

    /** Whether a packet is not captured: it passes before the capture begins, or is the third step of the handshake. */
    boolean isUncaptured(TcpPacket packet) {
        if (uncaptured > 0) {
            uncaptured--;
            return true;
        }
        boolean thirdStep = packet.seq() == iss + 1 && packet.end() == packet.seq() && !packet.isRst();
        return thirdStep && plan.has(Behaviour.HANDSHAKE_UNSEEN);
    }

    void captured(TcpPacket packet, long nowNs) {
        int begin = position(packet.seq());
        seen |= packet.isSyn() || packet.length() > 0;
        synsOfClient += packet.isSyn() ? 1 : 0;
        if (capturedNs == 0) {
            capturedNs = nowNs;
            lastCapturedNs = nowNs;
        }
        longestPauseNs = Math.max(longestPauseNs, nowNs - lastCapturedNs);
        lastCapturedNs = nowNs;
        if (endCapturedNs == 0 && (packet.isRst() || packet.has(TcpHeader.FIN))) {
            endCapturedNs = nowNs;
        }
        if (packet.length() == 1 && !packet.has(TcpHeader.PSH)) {
            probes++;
            // Its byte may be taken for one of the client's, whatever it is.
            capturedAgain++;
            if (begin >= 0 && !Payload.matches(packet.payload(), stream, begin)) {
                garbage.set(begin);
            }
        } else if (packet.length() > 0) {
            int end = begin + packet.length();
            int again = capturedOf(packet);
            capturedAgain += again;
            if (begin > captured.nextSetBit(0) && end < captured.length()) {
                capturedLate += packet.length() - again;
            }
            captured.set(begin, end);
            captureNs.putIfAbsent(end, nowNs);
        }
    }

    /** How long after its first packet the last one was captured, in nanoseconds. */
    long capturedForNs() {
        return lastCapturedNs - capturedNs;
    }

    /** Whether all that was sent before a number is captured, so that it is known where the client is. */
    boolean isCaptured(int number) {
        return captured.nextClearBit(0) >= position(number);
    }

    /** How many bytes of a packet's payload were captured, be it with another packet. */
    int capturedOf(TcpPacket packet) {
        int begin = position(packet.seq());
        return captured.get(begin, begin + packet.length()).cardinality();
    }

    /** For how long the client was silent at most, as captured. */
    long longestPauseNs() {
        return longestPauseNs;
    }

    /** A response that acknowledges this number has reached the session. */
    void acknowledged(int number) {
        acknowledged = Math.max(acknowledged, Math.min(plan.length(), position(number)));
    }

    /** A SYN leaves for the target. */
    void synLeaves(int number, long nowNs) {
        acknowledgedAtSyn.putIfAbsent(number, acknowledged);
        if (syns == 0) {
            startDelayNs = nowNs - capturedNs;
        }
        syns++;
    }

    /** How many SYNs have left. */
    int syns() {
        return syns;
    }

    /** A connection to the target has begun with this SYN; returns where in the stream. */
    int targetConnectionBegins(int syn) {
        int begin = position(syn + 1);
        assertThat(begin)
                .as("begins where the target had not acknowledged")
                .isGreaterThanOrEqualTo(acknowledgedAtSyn.get(syn));
        return begin;
    }

    /** How many connections were established with the target. */
    int targetConnections() {
        return targetConnections;
    }

    /**
     * Bytes have arrived over a connection to the target. Those that arrived before are right in one case alone: the
     * target had taken them, then closed or reset, and no packet that acknowledged them reached the session. Nobody can
     * know then; the session sends them again, since a request more is better than one less.
     *
     * @param movingSinceNs since when responses reach the session without delay: it cannot be in time before
     */
    void arrived(int position, byte[] bytes, long nowNs, long movingSinceNs) {
        // Where a packet of one byte is the only one missing, nobody can tell it from the probe behind it.
        boolean ofProbe = bytes.length == 1 && garbage.get(position);
        assertThat(ofProbe || Payload.matches(bytes, stream, position))
                .as("bytes at %d are the client's", position)
                .isTrue();
        int end = position + bytes.length;
        int again = arrived.get(position, end).cardinality();
        if (again > 0) {
            assertThat(plan.targetEndsConnections())
                    .as("%d bytes at %d arrive twice", again, position)
                    .isTrue();
        }
        sentAgain += again;
        arrived.set(position, end);
        for (long capturedNs : captureNs.subMap(position, false, end, true).values()) {
            lagNs = again == 0 ? Math.max(lagNs, nowNs - Math.max(capturedNs, movingSinceNs)) : lagNs;
        }
    }

    /**
     * How long after its capture the target had what arrived latest, in nanoseconds, without the time for which the port was
     * held by what was left of the connection before.
     */
    long lagNs() {
        return lagNs - startDelayNs;
    }

    /** The client leaves, whatever the server has to say. */
    void clientLeaves() {
        bytesOfTarget = target == null ? 0 : target.sentBytes();
    }

    /** A connection to the target is established; this is the target's end. */
    void targetConnected(Tcp tcp) {
        targetConnections++;
        target = tcp;
    }

    /** So many bytes of the stream are left out. */
    void skip(int bytes) {
        skipped += bytes;
    }

    /** The target's end of the newest connection, or null. */
    Tcp target() {
        return target;
    }

    /**
     * The target hears that the client has left.
     *
     * @param possibleSinceNs since when it could have heard of that, had it been captured
     */
    void targetLeft(long nowNs, long possibleSinceNs) {
        closingLagNs = endCapturedNs == 0 ? 0 : nowNs - Math.max(endCapturedNs, possibleSinceNs);
    }

    /** When the target heard of it, it had requests that it had not answered, or none. */
    void leftUnanswered(boolean any) {
        unanswered = any;
    }

    /** Whether the target had requests that it had not answered when it heard that the client has left: servers may drop them. */
    boolean isLeftUnanswered() {
        return unanswered;
    }

    /** How long after it could have heard of the client's end the target did, in nanoseconds; 0 if it never ended. */
    long closingLagNs() {
        return endCapturedNs == 0 ? 0 : closingLagNs;
    }

    /** How many bytes the target sent after the client had left. */
    long bytesAfterClientLeft() {
        return target.sentBytes() - bytesOfTarget;
    }

    /** Bytes captured alone and without PSH: where they may be keepalive probes they are taken for such. */
    int probes() {
        return probes;
    }

    int capturedBytes() {
        return captured.cardinality();
    }

    /** Bytes that were captured although they had been captured before. */
    int capturedAgain() {
        return capturedAgain;
    }

    /** Bytes that were captured later than others before and behind them. */
    int capturedLate() {
        return capturedLate;
    }

    int arrivedBytes() {
        return arrived.cardinality();
    }

    /** Bytes that arrived although they had arrived before. */
    int sentAgain() {
        return sentAgain;
    }

    @Override
    public String toString() {
        return ends + " " + plan.behaviours() + " " + arrivedBytes() + " of " + capturedBytes() + " captured of "
                + plan.length() + " bytes arrived over " + targetConnections + " connections";
    }
}
