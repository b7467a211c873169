package io.tcpcopy.session.connection;

import static io.tcpcopy.timer.TimerHeap.NEVER;

import io.tcpcopy.packet.TcpSeq;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.base.ClientTime;
import io.tcpcopy.session.base.SequenceJump;
import io.tcpcopy.session.base.SessionCounter;
import java.util.concurrent.TimeUnit;

/**
 * Whether the client has reset its connection. The online server believes an RST that is numbered exactly as it expects the
 * next byte (RFC 9293, section 3.10.7.4; RFC 5961, section 3), and so does the copy. One that is numbered further ahead may
 * be a stray, or may stand behind bytes that were never captured: what the client does next tells.
 */
final class ClientReset {
    /** A client that is still there has repeated by then what was not acknowledged (RFC 6298), or said more, mostly. */
    private static final long SILENCE_NS = TimeUnit.SECONDS.toNanos(30);

    private final Tcb tcb;
    private final ClientSegments clientSegments;
    private final SessionContext context;

    private boolean believed;
    /** Where the client's bytes in order ended when the RST came that is in doubt, and what that was numbered. */
    private int endAtReset;

    private int resetSeq;
    /** What the client acknowledged with its RST, if anything, and when it came, in the time of the clients. */
    private int ack;

    private boolean acknowledges;
    private long arrivedNs;
    /** When the RST that is in doubt is believed, in the time of the clients. */
    private long believedFromNs;

    ClientReset(Tcb tcb, ClientSegments clientSegments, SessionContext context) {
        this.tcb = tcb;
        this.clientSegments = clientSegments;
        this.context = context;
    }

    /** A new session: the client has not reset its connection. */
    void newSession() {
        believed = false;
        believedFromNs = NEVER;
    }

    /** An RST of the client's address and port. */
    void arrived(ClientPacket reset) {
        int end = clientSegments.inOrderEnd();
        boolean atFin = reset.seq() == end - 1 && clientSegments.hasFin();
        if (reset.seq() == end || atFin) {
            note(reset);
            believed = true;
            believedFromNs = NEVER;
            return;
        }
        context.count(SessionCounter.CLIENT_RESETS_NOT_BELIEVED);
        if (!believed && TcpSeq.greaterThan(reset.seq(), end)) {
            note(reset);
            endAtReset = end;
            resetSeq = reset.seq();
            await();
        }
    }

    private void note(ClientPacket reset) {
        ack = reset.ack();
        acknowledges = reset.acknowledges();
        arrivedNs = reset.clientNs();
    }

    /**
     * Another packet of the client: the RST was a stray if the client goes on, or is still where it was. Payload that ends
     * where the RST is numbered was overtaken by it, rather.
     */
    void clientSpoke(ClientPacket packet) {
        if (believedFromNs == NEVER) {
            return;
        }
        boolean goesOn = TcpSeq.greaterThanOrEqual(packet.seq(), endAtReset - 1) && packet.end() != resetSeq;
        if (goesOn) {
            believedFromNs = NEVER;
        } else {
            await();
        }
    }

    private void await() {
        believedFromNs = context.clientTime.nowNs() + SILENCE_NS;
    }

    /** Whether the client has reset its connection for certain: the server took no byte behind the last one that was in order. */
    boolean isCertain() {
        return believed;
    }

    /** Whether the client has reset its connection: for certain, or since it has said nothing else for so long. */
    boolean hasCome() {
        ClientTime time = context.clientTime;
        return believed || believedFromNs != NEVER && (time.haveEnded() || time.nowNs() >= believedFromNs);
    }

    /** What the client acknowledged with its RST, if it {@link #acknowledges}. */
    int ack() {
        return ack;
    }

    /** Whether the client acknowledged anything with its RST. */
    boolean acknowledges() {
        return acknowledges;
    }

    /** When the RST came, in the time of the clients. */
    long arrivedNs() {
        return arrivedNs;
    }

    /** How many bytes before the RST were never captured, as far as its number can be believed. */
    int missingBefore() {
        int missing = believed ? 0 : TcpSeq.distance(tcb.sndNxt, resetSeq);
        return missing > 0 && !SequenceJump.isJump(missing) ? missing : 0;
    }

    /** When an RST that is in doubt is believed, in the time of the sessions. */
    long deadlineNs(long nowNs) {
        return believedFromNs == NEVER ? NEVER : context.clientTime.deadlineNs(believedFromNs, nowNs);
    }
}
