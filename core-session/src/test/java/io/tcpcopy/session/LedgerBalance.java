package io.tcpcopy.session;

/** What the ledger has as waiting is what the windows hold. */
final class LedgerBalance {
    private LedgerBalance() {}

    /** Compares the ledger, the totals that are kept of the windows, and the windows themselves. */
    static void check(Replay replay) {
        long[] counted = new long[2];
        replay.forEachSession(session -> {
            for (Packet packet = session.window.first(); packet != null; packet = packet.next) {
                counted[0] += packet.payloadLength;
                counted[1] += packet.beginsRequest ? 1 : 0;
            }
        });
        HeldPayload held = replay.held();
        Ledger ledger = replay.ledger();
        expectEqual("bytes", counted[0], held.bytes(), ledger.waitingBytes());
        expectEqual("requests", counted[1], held.requests(), ledger.waitingRequests());
    }

    private static void expectEqual(String what, long inWindows, long held, long waiting) {
        if (held != inWindows || waiting != held) {
            throw new AssertionError(what + " in windows " + inWindows + ", held " + held + ", waiting " + waiting);
        }
    }
}
