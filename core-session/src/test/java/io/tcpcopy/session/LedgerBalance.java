package io.tcpcopy.session;

import io.tcpcopy.session.base.SessionCounter;
import io.tcpcopy.session.base.SessionGauge;
import io.tcpcopy.session.connection.WindowContents;
import io.tcpcopy.session.ledger.HeldPayload;
import io.tcpcopy.session.ledger.Ledger;

/** What the ledger has as waiting is what the windows hold, and no session is forgotten. */
final class LedgerBalance {
    private LedgerBalance() {}

    /** Compares the ledger, the totals that are kept of the windows, and the windows themselves. */
    static void check(SessionEngine engine) {
        long[] counted = new long[2];
        engine.forEachSession(session -> {
            counted[0] += WindowContents.bytes(session);
            counted[1] += WindowContents.requests(session);
        });
        HeldPayload held = engine.held();
        Ledger ledger = engine.ledger();
        expectEqual("bytes", counted[0], held.bytes(), ledger.waitingBytes());
        expectEqual("requests", counted[1], held.requests(), ledger.waitingRequests());
        expectSessionsCounted(engine);
    }

    /** Each session that has begun lives, waits in line, has ended of late, or was released. */
    private static void expectSessionsCounted(SessionEngine engine) {
        long[] real = new long[1];
        engine.forEachRealSession(session -> real[0]++);
        long here = real[0] + Counted.of(engine, SessionGauge.ENDED);
        long begun = Counted.of(engine, SessionCounter.SESSIONS);
        long released = Counted.of(engine, SessionCounter.RELEASED);
        if (begun != released + here) {
            throw new AssertionError(begun + " sessions begun, " + released + " released, " + here + " here");
        }
    }

    private static void expectEqual(String what, long inWindows, long held, long waiting) {
        if (held != inWindows || waiting != held) {
            throw new AssertionError(what + " in windows " + inWindows + ", held " + held + ", waiting " + waiting);
        }
    }
}
