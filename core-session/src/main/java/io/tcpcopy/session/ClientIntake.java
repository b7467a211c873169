package io.tcpcopy.session;

import io.tcpcopy.flow.Flow;
import io.tcpcopy.metrics.Counters;
import io.tcpcopy.packet.CapturedPacket;
import io.tcpcopy.packet.ChecksumState;
import io.tcpcopy.packet.ChecksumTrust;
import io.tcpcopy.packet.OutgoingPacket;
import io.tcpcopy.session.admit.Admission;
import io.tcpcopy.session.arrival.ClientChecksums;
import io.tcpcopy.session.arrival.ClientPacket;
import io.tcpcopy.session.arrival.Verdict;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.Settings;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import io.tcpcopy.session.ledger.DropReason;
import io.tcpcopy.session.shed.Shedding;
import io.tcpcopy.session.table.EndedSession;
import io.tcpcopy.session.table.Sessions;
import io.tcpcopy.session.table.Successors;

/** Takes the packets of clients: says what each one is, and gives it to its session, which may begin with it. */
final class ClientIntake {
    private final SessionContext context;
    private final Settings settings;
    private final Admission admission;
    private final Sessions sessions;
    private final Shedding shedding;
    private final Counters<Verdict> verdicts = new Counters<>(Verdict.class);
    private final ClientPacket client = new ClientPacket();
    private final ClientChecksums clientChecksums = new ClientChecksums();
    private final Flow flow = new Flow();

    /** The time of this turn for the sessions. */
    private long nowNs;

    ClientIntake(SessionContext context, Admission admission, Sessions sessions, Shedding shedding) {
        this.context = context;
        this.admission = admission;
        this.sessions = sessions;
        this.shedding = shedding;
        settings = context.settings();
    }

    /** What became of captured packets. */
    Counters<Verdict> verdicts() {
        return verdicts;
    }

    /** See {@link SessionEngine#admit}. */
    boolean admit(CapturedPacket packet, long newNowNs) {
        nowNs = newNowNs;
        Verdict verdict = client.parse(packet);
        if (client.isAddressed()) {
            Verdict judgement = admission.judge(client.flow(), nowNs);
            verdict = judgement == Verdict.TAKEN ? verdict : judgement;
        }
        if (verdict == Verdict.TAKEN && !isIntact()) {
            verdict = Verdict.BAD_CHECKSUM;
        }
        verdicts.increment(verdict);
        if (verdict != Verdict.TAKEN) {
            return false;
        }
        context.clientTime().captured(packet.arrivalNs());
        client.firstPart();
        return true;
    }

    /**
     * Whether the online server takes a packet. While its connection has not shown what its checksums are like, those of its client's
     * others tell; what is not taken then is not noted of the connection: two damaged packets in a row must not make the third one
     * believed.
     */
    private boolean isIntact() {
        ChecksumState checksum = client.checksum(settings.mtu());
        boolean likeOthers = clientChecksums.takes(client.flow(), checksum);
        ChecksumTrust own = checksumsOfConnection();
        if (own == null) {
            return likeOthers;
        }
        return (likeOthers || !own.isUndecided()) && own.takes(checksum);
    }

    private ChecksumTrust checksumsOfConnection() {
        Session session = sessions.byCaptured(client.flow(), 0);
        if (session != null) {
            return session.checksums();
        }
        EndedSession before = sessions.endedByCaptured(client.flow(), 0);
        return before == null ? null : before.checksums();
    }

    /** See {@link SessionEngine#takeAdmitted}; {@code loopNs}: the time of this turn for the loop. */
    void takeAdmitted(long capturedNs, long loopNs, long newNowNs) {
        nowNs = newNowNs;
        boolean isKnown = capturedNs != OutgoingPacket.TIME_UNKNOWN;
        client.capturedNs(capturedNs);
        client.clientNs(context.clientTime().agoNs(isKnown ? Math.max(0, loopNs - capturedNs) : 0));
        count();
        if (shedding.takes(client, nowNs) || shedding.isOn() && isLeftOut()) {
            return;
        }
        for (int copy = 0; copy < settings.copies(); copy++) {
            client.firstPart();
            do {
                takeOrFail(copy);
            } while (client.nextPart());
        }
    }

    /** The statistics leave out pure ACKs of established sessions. */
    private void count() {
        client.firstPart();
        if (client.isSyn()) {
            context.count(SessionCounter.CLIENT_SYNS);
        }
        if (client.wholePayloadLength() > 0) {
            context.count(SessionCounter.CLIENT_PACKETS_WITH_PAYLOAD);
        }
        Session session = sessions.byCaptured(client.flow(), 0);
        if (!client.isPureAck() || session == null || !session.isHandshakeAckSent()) {
            context.count(SessionCounter.CLIENT_PACKETS);
        }
    }

    /** Whether the connection that begins with this packet is left out. */
    private boolean isLeftOut() {
        client.firstPart();
        boolean mayBegin =
                client.isSyn() || client.payloadLength() > 0 && !client.isRst() && !client.isKeepaliveProbe();
        if (!mayBegin || !isChosen() || isKnown()) {
            return false;
        }
        shedding.leaveOut(client, nowNs);
        return true;
    }

    private boolean isChosen() {
        admission.writeFlow(0, flow);
        return shedding.chooses(client.flow(), context.targets().of(flow));
    }

    /** No connection is left out of which there is a session, or was: what looks like another one may be a stray packet. */
    private boolean isKnown() {
        for (int copy = 0; copy < settings.copies(); copy++) {
            EndedSession before = sessions.endedByCaptured(client.flow(), copy);
            boolean mayGoOn = before != null
                    && (!client.isSyn()
                            || before.connection().mayGoOn()
                            || before.connection().isOpenedBy(client.seq()));
            if (mayGoOn
                    || sessions.byCaptured(client.flow(), copy) != null
                    || sessions.openedBy(client, copy, null) != null) {
                return true;
            }
        }
        return false;
    }

    private void takeOrFail(int copy) {
        try {
            take(copy);
        } catch (RuntimeException e) {
            sessions.fail(sessions.byCaptured(client.flow(), copy), e, nowNs);
        }
    }

    private void take(int copy) {
        // Not at the turn's end: many packets fit in a turn, each with many copies.
        sessions.relieveMemory(nowNs);
        if (client.isSyn()) {
            takeSyn(copy);
            return;
        }
        if (sessions.doubtedTakes(client, copy, nowNs)) {
            return;
        }
        Session session = sessions.byCaptured(client.flow(), copy);
        Session owner = session == null ? null : Successors.ownerOf(client, session);
        if (owner == null) {
            takeWithoutSession(copy);
        } else if (owner == session && session.stream().isOfAnotherConnection(client)) {
            context.count(SessionCounter.OBSOLETE);
            sessions.end(session, DropReason.GAP, nowNs);
            take(copy);
        } else {
            owner.process(client, nowNs);
            sessions.settle(session, nowNs);
        }
    }

    private void takeSyn(int copy) {
        Session session = sessions.byCaptured(client.flow(), copy);
        Session opened = sessions.openedBy(client, copy, session);
        if (opened != null) {
            synRepeated(opened, session, copy);
        } else if (session == null) {
            takeSynWithoutSession(copy);
        } else if (session.hasClientLeft()) {
            sessions.end(session, DropReason.REUSED, nowNs);
            takeSyn(copy);
        } else {
            sessions.doubt(session.identity(), client, nowNs);
        }
    }

    /** The pair of a session in doubt need not be live any more: then there is no doubt. */
    private void synRepeated(Session opened, Session live, int copy) {
        sessions.synRepeated(opened, client, nowNs);
        EndedSession before = sessions.endedByCaptured(client.flow(), copy);
        if (live == null && (before == null || !before.connection().mayGoOn())) {
            sessions.believe(opened, null, before, nowNs);
        }
    }

    private void takeSynWithoutSession(int copy) {
        EndedSession before = sessions.endedByCaptured(client.flow(), copy);
        if (before != null && isDoubled(before)) {
            context.count(SessionCounter.CLIENT_RETRANSMISSIONS);
            return;
        }
        if (before != null
                && before.connection().mayGoOn()
                && !before.connection().isSynRepeated(client.seq())) {
            sessions.doubt(before.identity(), client, nowNs);
            return;
        }
        Session opened = open(copy);
        if (opened != null) {
            opened.begin(client, nowNs);
            sessions.connect(opened, nowNs);
        }
    }

    /** Whether a SYN is a doubled one of a connection that is over. In a file equal connections may be those of a generator of packets. */
    private boolean isDoubled(EndedSession before) {
        return settings.speedUp() == Settings.LIVE && before.connection().isSynDoubled(client.seq(), client.id());
    }

    private void takeWithoutSession(int copy) {
        EndedSession before = sessions.endedByCaptured(client.flow(), copy);
        if (client.payloadLength() == 0 || client.isRst() || client.isKeepaliveProbe() && !isNextByteAfter(before)) {
            context.count(SessionCounter.CLIENT_WITHOUT_SESSION);
            return;
        }
        if (before != null && isRefusedAfter(before, copy)) {
            return;
        }
        if (settings.wholeSessionsOnly()) {
            context.count(SessionCounter.CLIENT_WITHOUT_SESSION);
            return;
        }
        long formerRttNs = before == null ? 0 : before.clientRttNs();
        Session opened = open(copy);
        if (opened == null) {
            refuse(copy, DropReason.NO_PORT);
            return;
        }
        context.count(SessionCounter.STARTED_MID_STREAM);
        opened.beginMidStream(client, formerRttNs, nowNs);
        sessions.connect(opened, nowNs);
    }

    /** Whether what looks like a keepalive probe, with a byte that came before, asks for a window with the next one. */
    private boolean isNextByteAfter(EndedSession before) {
        return before != null && before.connection().isNext(client.seq());
    }

    /** Whether payload belongs to a session that has ended: repeated, or the rest of what it had. */
    private boolean isRefusedAfter(EndedSession before, int copy) {
        if (before.connection().isBeforeJoined(client.seq())) {
            refuse(copy, DropReason.FORMER_CONNECTION);
            return true;
        }
        int had = before.connection().payloadHad(client.seq(), client.payloadLength());
        int reached = before.connection().payloadReached(client.seq(), client.payloadLength());
        boolean isRest = before.connection().isFollowedBy(client.seq()) && before.isRestOfRequest(client);
        if (reached == 0 && !isRest) {
            if (before.connection().isOvertaken(client.seq())) {
                refuse(copy, DropReason.FORMER_CONNECTION);
                return true;
            }
            return false;
        }
        if (had == client.payloadLength()) {
            context.ledger().refused(had, false, DropReason.DUPLICATE);
            context.count(SessionCounter.CLIENT_RETRANSMISSIONS);
            return true;
        }
        context.ledger().refused(had, false, DropReason.OLD_PART);
        refuseInHole(reached - had, before);
        context.ledger().refused(client.payloadLength() - reached, false, DropReason.REQUEST_CUT);
        if (before.noteRestDropped(client)) {
            context.ledger().requestCutOff();
        }
        before.connection().refused(client.seq(), client.seq() + client.payloadLength());
        sessions.renew(before, nowNs);
        return true;
    }

    private void refuse(int copy, DropReason reason) {
        boolean beginsRequest = sessions.requestRefused(client.flow(), copy, client.ack(), nowNs);
        context.ledger().refused(client.payloadLength(), beginsRequest, reason);
    }

    /** What was missing before other bytes when the session ended, as far as is known. */
    private void refuseInHole(int bytes, EndedSession before) {
        if (bytes > 0) {
            context.ledger().refused(bytes, !before.isRestOfRequest(client), DropReason.FORMER_CONNECTION);
        }
    }

    /** A session for a copy of the client's connection, or null when no port is free towards the target. */
    private Session open(int copy) {
        admission.writeFlow(copy, flow);
        return sessions.open(client.flow(), copy, flow, nowNs);
    }

    /** Whether the packet that was admitted begins a connection whose session would have to wait for that of the one before. */
    boolean wouldHaveToFollow() {
        if (!client.isSyn()) {
            return false;
        }
        Session session = sessions.byCaptured(client.flow(), 0);
        return session != null && sessions.openedBy(client, 0, session) == null;
    }
}
