package io.tcpcopy.session.pace;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.ClientTime;
import io.tcpcopy.session.base.EarlyEndsLately;
import io.tcpcopy.session.window.Packet;
import java.util.concurrent.TimeUnit;

/**
 * How the client went on: how much of the online server's answers it had when it sent something, by its acknowledgements, and
 * how long after what it had sent before. From that follows what the target has to have sent for the copy to go on likewise,
 * also where answers have no end or nobody waits for them. Bytes are counted, since sequence numbers wrap.
 */
public final class ClientPace {
    /** So far behind its client a copy no longer takes the time that the client took. */
    private static final long LAG_NS = TimeUnit.MILLISECONDS.toNanos(500);
    /** Bytes. What lies in buffers before the client, more or less: so far the target may be ahead of the online server. */
    private static final int AHEAD = 256 << 10;

    private final ClientRoundTrip clientRoundTrip;
    private final ClientTime clientTime;
    private final RequestBurst burst;
    private EarlyEndsLately earlyEnds;

    /** Whether the target has ended a connection of this session early. */
    private boolean endedEarly;

    private boolean ackKnown;
    private int highestAck;
    /** Bytes of the online server that the client has acknowledged, as far as was captured. */
    private long acknowledged;
    /** When the client was heard of, in its time. */
    private long clientSpokeNs;

    /** Bytes of the target over this connection. */
    private long received;

    private long receivedWhenClientSpoke;

    private boolean payloadSent;
    /** What the client had acknowledged with its first payload, and how much the target had sent before that. */
    private long acknowledgedAtFirst;

    private long receivedAtFirst;
    /** Whether payload left before the target had sent as much as the client had by then. */
    private boolean ahead;
    /** What the client had acknowledged with its payload that was sent last, and when it sent that, in its time. */
    private long acknowledgedThen;

    private long clientThenNs;
    /** Whether that was long enough after the payload before to have waited for an answer to it. */
    private boolean waited;
    /** Whether the target has sent anything since then that can answer it. */
    private boolean answeredLast;
    /** When it left, in the time of the sessions, and how much the target had sent by then. */
    private long leftNs;

    private long receivedThen;
    /**
     * How much of the target's bytes is used up as answers to what was sent. What it has sent beyond that answers requests of
     * a client that does not wait for each answer; a copy that lags behind such a client uses up nothing.
     */
    private long answered;

    private long pauseEndsNs;

    /** Nothing is known yet. */
    public ClientPace(ClientRoundTrip clientRoundTrip, ClientTime clientTime) {
        this.clientRoundTrip = clientRoundTrip;
        this.clientTime = clientTime;
        burst = new RequestBurst(clientTime);
    }

    /** A new session, with a target that has ended connections like this. */
    public void newSession(EarlyEndsLately ofTarget) {
        earlyEnds = ofTarget;
        ackKnown = false;
        acknowledged = 0;
        acknowledgedThen = 0;
        clientSpokeNs = clientTime.nowNs();
        endedEarly = false;
    }

    /** A new target connection. */
    public void newConnection() {
        received = 0;
        receivedWhenClientSpoke = 0;
        payloadSent = false;
        ahead = false;
        waited = false;
        answeredLast = false;
        receivedThen = 0;
        answered = 0;
        pauseEndsNs = NEVER;
        burst.newConnection();
    }

    /** A packet of the client. */
    public void clientSpoke(ClientPacket packet) {
        clientSpokeNs = clientTime.nowNs();
        receivedWhenClientSpoke = received;
        if (!packet.acknowledges()) {
            return;
        }
        if (!ackKnown) {
            ackKnown = true;
            highestAck = packet.ack();
        } else if (TcpSeq.greaterThan(packet.ack(), highestAck)) {
            acknowledged += TcpSeq.distance(highestAck, packet.ack());
            highestAck = packet.ack();
        }
    }

    /**
     * The target has sent so many bytes that were not known of.
     *
     * @param answersLast whether they can answer what was sent last
     */
    public void targetSent(int bytes, boolean answersLast, long nowNs) {
        received += bytes;
        if (answersLast && !answeredLast) {
            answeredLast = true;
            if (payloadSent) {
                burst.answered(nowNs);
            }
        }
        if (waited && !answersLast) {
            answered += bytes;
        }
    }

    /**
     * A payload packet has left for the first time.
     *
     * @param answerOver whether all the target had to say before counts as said
     * @param overAssumed whether that was not waited for
     */
    public void sent(Packet packet, boolean answerOver, boolean overAssumed, long nowNs) {
        long newAcknowledged = acknowledgedWith(packet.clientAck(), packet.acknowledges());
        waited = !payloadSent || hasWaited(packet);
        if (!payloadSent || waited && answerOver) {
            answered = received;
        } else if (waited || clientTime.nowNs() < packet.clientNs() + LAG_NS) {
            answered = Math.min(received, answered + Math.max(0, newAcknowledged - acknowledgedThen));
        }
        if (payloadSent) {
            ahead |= overAssumed && isOwed(newAcknowledged);
        } else {
            acknowledgedAtFirst = newAcknowledged;
            receivedAtFirst = received;
        }
        if (!payloadSent || answerOver || packet.beginsRequest() && !isTogether(packet, nowNs)) {
            burst.begin(packet, newAcknowledged, received, nowNs);
        } else if (packet.beginsRequest()) {
            burst.grow(newAcknowledged);
        }
        payloadSent = true;
        acknowledgedThen = newAcknowledged;
        clientThenNs = packet.clientNs();
        restSent(nowNs);
    }

    /** What there was no room for of the packet that left last has left as well. */
    public void restSent(long nowNs) {
        answeredLast = false;
        leftNs = nowNs;
        receivedThen = received;
    }

    /**
     * Whether the client sent this long enough after the payload that was sent last to have waited for an answer to that. Any client counts
     * as one that does where the target ends its connections: what is under way then is lost with them, unread.
     */
    private boolean hasWaited(Packet packet) {
        return endedEarly || packet.clientNs() - clientThenNs >= clientRoundTrip.shortestWaitNs();
    }

    private long acknowledgedWith(int ack, boolean acknowledges) {
        return acknowledges ? acknowledged - TcpSeq.distance(ack, highestAck) : acknowledged;
    }

    /** Whether this goes together with what left last, although the client had waited for an answer to that. */
    public boolean isTogether(Packet packet, long nowNs) {
        return !earlyEnds.isAny(nowNs)
                && burst.mayTake(packet)
                && hasWaited(packet)
                && acknowledgedWith(packet.clientAck(), packet.acknowledges()) > acknowledgedThen;
    }

    /** Whether requests were sent together that the target has not been waited for. */
    public boolean hasSentTogether() {
        return burst.isOfSeveral();
    }

    /** The target has ended the connection early. */
    public void endedEarly(long nowNs) {
        endedEarly = true;
        earlyEnds.add(nowNs);
    }

    /** How many requests that were sent together the target has not answered, by estimate; 0 where none were. */
    public int unansweredTogether() {
        return burst.unanswered(received);
    }

    /**
     * Whether the online server has said nothing to what was sent last, as far as is known: the client has got its FIN alone, or has closed
     * without having got anything.
     *
     * @param clientClosed whether the client has closed
     */
    public boolean isUnansweredOnline(boolean clientClosed) {
        long got = acknowledged - acknowledgedThen;
        return got == 1 || got <= 0 && clientClosed;
    }

    /** Whether the target has answered all that was sent together with as many bytes as the online server had when the client sent this. */
    public boolean isAnsweredAlike(Packet next) {
        return burst.isAnsweredAlike(acknowledgedWith(next.clientAck(), next.acknowledges()), received);
    }

    /** For how long the target is quiet when it has answered all that was sent together, in nanoseconds; 0 where nothing was. */
    public long quietNs() {
        return burst.quietNs();
    }

    /**
     * Whether the copy is as far as the client was when it sent something: the target has sent as many bytes as the client
     * had acknowledged since its payload before, some at least, and the client's own pause is over. Not told of what was sent together.
     *
     * @param ack what the client acknowledged with it
     * @param acknowledges whether it acknowledged anything
     * @param clientNs when the client sent it, in its time
     */
    public boolean isReached(int ack, boolean acknowledges, long clientNs, long nowNs) {
        pauseEndsNs = NEVER;
        if (burst.isOfSeveral()) {
            return false;
        }
        long awaited = acknowledgedWith(ack, acknowledges) - acknowledgedThen;
        if (awaited <= 0 || received - answered < awaited) {
            return false;
        }
        long endsNs = leftNs + clientTime.replayedIn(clientNs - clientThenNs);
        if (nowNs >= endsNs || clientTime.nowNs() >= clientNs + LAG_NS) {
            return true;
        }
        pauseEndsNs = Math.min(endsNs, clientTime.deadlineNs(clientNs + LAG_NS, nowNs));
        return false;
    }

    /** Whether the target has sent less than the client had when it had acknowledged so much, which may include a FIN. */
    private boolean isOwed(long clientAcknowledged) {
        return received - receivedAtFirst + 1 < clientAcknowledged - acknowledgedAtFirst;
    }

    /** Whether payload left before the target had answered what was sent before. Then it is not known which answer is the last. */
    public boolean isAhead() {
        return ahead;
    }

    /** Whether the target has sent anything that can answer what was sent last. */
    public boolean hasAnsweredLast() {
        return answeredLast;
    }

    /** Whether the target has sent less since the first payload than the client has got since then. */
    public boolean isTargetOwing() {
        return payloadSent && isOwed(acknowledged);
    }

    /** When the pause is over that alone holds back what was asked for last. */
    public long pauseEndsNs() {
        return pauseEndsNs;
    }

    /** Whether the target has sent far more since the last payload than the client has got of the online server. */
    public boolean isTargetAhead() {
        return received - receivedThen - (acknowledged - acknowledgedThen) > AHEAD;
    }

    /** Whether the target has sent something since the client was heard of, which is so long ago, in its time. */
    public boolean isClientSilent(long durationNs) {
        return received > receivedWhenClientSpoke
                && (clientTime.haveEnded() || clientTime.nowNs() >= clientSpokeNs + durationNs);
    }

    /** When that is so, in the time of the sessions, if the client says nothing. */
    public long clientSilentNs(long durationNs, long nowNs) {
        return received > receivedWhenClientSpoke ? clientTime.deadlineNs(clientSpokeNs + durationNs, nowNs) : NEVER;
    }
}
