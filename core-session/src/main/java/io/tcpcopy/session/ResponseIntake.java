package io.tcpcopy.session;

import io.tcpcopy.session.admit.Targets;
import io.tcpcopy.session.arrival.Response;
import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionIdentity;
import io.tcpcopy.session.connection.Session;
import io.tcpcopy.session.connection.SessionContext;
import io.tcpcopy.session.table.EndedSession;
import io.tcpcopy.session.table.Sessions;
import java.nio.ByteBuffer;

/** Takes the responses of targets, and gives each to its session; what is left of one that is over answers for it. */
final class ResponseIntake {
    private final SessionContext context;
    private final Targets targets;
    private final Sessions sessions;
    private final Response response = new Response();

    ResponseIntake(SessionContext context, Targets targets, Sessions sessions) {
        this.context = context;
        this.targets = targets;
        this.sessions = sessions;
    }

    /** See {@link SessionEngine#response}; {@code nowNs}: the time of this turn for the sessions. */
    void take(ByteBuffer record, int offset, int length, long nowNs) {
        if (!response.parse(record, offset, length)) {
            context.count(SessionCounter.RESPONSES_MALFORMED);
            return;
        }
        countResponse();
        if (!targets.mayAnswer(response.flow())) {
            context.count(SessionCounter.RESPONSES_NOT_OF_TARGET);
            return;
        }
        Session session = sessions.byFlow(response.flow());
        if (session == null) {
            respondWithoutSession();
            return;
        }
        try {
            session.process(response, nowNs);
            sessions.settle(session, nowNs);
        } catch (RuntimeException e) {
            sessions.fail(session, e, nowNs);
        }
    }

    private void countResponse() {
        context.count(SessionCounter.RESPONSES);
        if (response.payloadLength() > 0) {
            context.count(SessionCounter.RESPONSES_WITH_PAYLOAD);
        }
        if (response.isFin()) {
            context.count(SessionCounter.RESPONSE_FINS);
        }
        if (response.isRst()) {
            context.count(SessionCounter.RESPONSE_RESETS);
        }
    }

    private void respondWithoutSession() {
        EndedSession ended = sessions.endedByFlow(response.flow());
        if (ended != null) {
            if (!ended.ignoresResponse()) {
                resetAnswering(ended.identity());
            }
            return;
        }
        SessionIdentity left = sessions.leftByFlow(response.flow());
        if (left == null) {
            context.count(SessionCounter.RESPONSES_WITHOUT_SESSION);
        } else {
            resetAnswering(left);
        }
    }

    /** RFC 9293, section 3.10.7.1. */
    private void resetAnswering(SessionIdentity former) {
        if (!response.isRst() && !context.pause().isOn()) {
            context.transmitter().sendReset(former.flow(), response.ack());
        }
    }
}
