package io.tcpcopy.session;

/**
 * What the windows of all sessions hold: the ledger must say the same.
 *
 * @param bytes of payload
 * @param requests that begin in it
 */
record HeldPayload(long bytes, long requests) {
    private static final HeldPayload NONE = new HeldPayload(0, 0);

    static HeldPayload of(Replay replay) {
        HeldPayload[] held = {NONE};
        replay.table.forEach(session -> {
            held[0] = held[0].plus(session);
            if (session.successor() != null) {
                held[0] = held[0].plus(session.successor());
            }
        });
        return held[0];
    }

    private HeldPayload plus(Session session) {
        HeldPayload sum = this;
        for (Packet packet = session.window.first(); packet != null; packet = packet.next) {
            sum = new HeldPayload(sum.bytes + packet.payloadLength, sum.requests + (packet.beginsRequest ? 1 : 0));
        }
        return sum;
    }
}
