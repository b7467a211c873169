package io.tcpcopy.session.pace;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.session.base.ClientTime;
import io.tcpcopy.session.window.Packet;
import java.util.concurrent.TimeUnit;

/**
 * What has been sent since the target was waited for last. That is one request, until the copy is late behind a client nearby: then what
 * the client sent within a short time goes together, since the copy waits longer for each answer, the way through both daemons being
 * longer, and would never catch up.
 */
final class RequestBurst {
    /** So far behind its client a copy is late. */
    private static final long LATE_NS = TimeUnit.MILLISECONDS.toNanos(100);
    /** If an answer takes longer than that way on a busy host, it is the target that the copy waits for. */
    private static final long LONGEST_WAY_NS = TimeUnit.MILLISECONDS.toNanos(5);
    /** For how many times as long as an answer takes the client had sent what is sent together: more than waiting for it takes. */
    private static final int TOGETHER_ANSWERS = 6;

    private static final long MAX_TOGETHER_NS = TimeUnit.MILLISECONDS.toNanos(10);
    /** For how many times as long as one answer takes the target is quiet when it has given those to all. */
    private static final int QUIET_ANSWERS = 2;
    /** No longer than that: where the first answer came as late as this, the way of the responses was cut for a while. */
    private static final long MAX_QUIET_NS = TimeUnit.MILLISECONDS.toNanos(100);

    private final ClientTime clientTime;

    /** When the client sent the first request, in its time, and when that left. */
    private long clientNs;

    private long leftNs;
    /** How many bytes the client had acknowledged with it, and how many the target had sent before it. */
    private long acknowledgedBefore;

    private long receivedBefore;
    /** How many bytes the client had acknowledged with the last request. */
    private long acknowledgedLast;

    private int requests;
    /** How long the target took to answer the first request; NEVER before it has. */
    private long answerNs;

    RequestBurst(ClientTime clientTime) {
        this.clientTime = clientTime;
    }

    /** A new target connection. */
    void newConnection() {
        requests = 0;
        answerNs = NEVER;
    }

    /**
     * A request leaves behind which the target has been waited for.
     *
     * @param acknowledged how many bytes the client had acknowledged with it
     * @param received how many the target had sent before it
     */
    void begin(Packet first, long acknowledged, long received, long nowNs) {
        clientNs = first.clientNs();
        leftNs = nowNs;
        acknowledgedBefore = acknowledged;
        receivedBefore = received;
        acknowledgedLast = acknowledged;
        requests = 1;
    }

    /** Another request leaves without such a wait; {@code acknowledged}: how many bytes the client had acknowledged with it. */
    void grow(long acknowledged) {
        acknowledgedLast = acknowledged;
        requests++;
    }

    /** The target begins to answer what left last. */
    void answered(long nowNs) {
        answerNs = nowNs - leftNs;
    }

    /** Whether the copy is late although the target answers soon, and the client sent this hardly later than the first request. */
    boolean mayTake(Packet packet) {
        return answerNs < LONGEST_WAY_NS
                && packet.clientNs() - clientNs < Math.min(MAX_TOGETHER_NS, TOGETHER_ANSWERS * answerNs)
                && clientTime.replayedIn(clientTime.nowNs() - packet.clientNs()) >= LATE_NS;
    }

    /** Whether it is more than one request. */
    boolean isOfSeveral() {
        return requests > 1;
    }

    /**
     * How many of several requests the target has not answered, if its answers are as long as those of the online server, and all of one
     * length; 0 where it is one.
     *
     * @param received how many bytes the target has sent
     */
    int unanswered(long received) {
        long answersOnline = acknowledgedLast - acknowledgedBefore;
        if (!isOfSeveral() || answersOnline <= 0) {
            return 0;
        }
        long answered = (received - receivedBefore) * (requests - 1) / answersOnline;
        return requests - (int) Math.min(requests, answered);
    }

    /**
     * Whether the target has sent as many bytes as answers to several requests as the online server had. Where answers are shorter or longer
     * only quiet tells.
     *
     * @param acknowledged how many bytes the client had acknowledged with the next request
     * @param received how many the target has sent
     */
    boolean isAnsweredAlike(long acknowledged, long received) {
        return isOfSeveral() && received - receivedBefore == acknowledged - acknowledgedBefore;
    }

    /** For how long the target is quiet when it has answered several requests, in nanoseconds; 0 where it is one. */
    long quietNs() {
        return isOfSeveral() ? Math.min(MAX_QUIET_NS, QUIET_ANSWERS * answerNs) : 0;
    }
}
